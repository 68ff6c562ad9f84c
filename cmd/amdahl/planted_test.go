package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var planted = flag.String("planted", "", "measure the planted programs that this pattern of -test.bench selects, and hold amdahl why and amdahl where against what was planted; the machine has to be quiet; with -test.run 'PlantedPrograms' -test.v")

var plantedFrom = flag.String("planted-from", "", "judge the results in this file of -planted-keep, and measure nothing; an absolute path")

var plantedKeep = flag.String("planted-keep", "", "keep the results of -planted in this new file; an absolute path")

// What amdahl why and amdahl where find in the programs of testdata/planted is what was
// planted there. It measures for minutes, on a quiet machine:
//
//	go test ./cmd/amdahl -run PlantedPrograms -planted . -v -timeout 2h
func TestPlantedPrograms(t *testing.T) {
	if *planted == "" && *plantedFrom == "" {
		t.Skip("measures for minutes, on a quiet machine; -planted .")
	}
	module, err := filepath.Abs(filepath.Join("testdata", "planted"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "planted.txt")
	if *plantedKeep != "" {
		file = *plantedKeep
	}
	if *plantedFrom != "" {
		file = *plantedFrom
	} else if status, _, stderr := amdahlIn(t, module, "run", ".", "--bench", *planted, "-x", "cpu=1,2", "--rounds", "6", "--why", "-q", "-o", file); status != 0 {
		t.Fatalf("run: exit status %d: %s", status, stderr)
	}
	var why struct {
		Stacks []struct {
			Series string
			Levels []struct {
				N, Paid float64
				Shares  map[string]float64
			}
			CannotTell string   `json:"cannot_tell"`
			TraceCost  *float64 `json:"trace_cost"`
			Warnings   []string
		}
	}
	status, stdout, stderr := amdahlIn(t, module, "why", "--json", file)
	if status != 0 && status != 3 {
		t.Fatalf("why: exit status %d: %s", status, stderr)
	}
	if err := json.Unmarshal([]byte(stdout), &why); err != nil {
		t.Fatal(err)
	}
	held, all, untold := 0, 0, 0
	for _, s := range why.Stacks {
		cause := causeOf(s.Series)
		switch {
		case s.CannotTell != "":
			untold++
			t.Logf("%-45s cannot tell: %s", s.Series, s.CannotTell)
			continue
		case len(s.Levels) < 2 || s.TraceCost == nil:
			t.Logf("%-45s no account by traces: %v", s.Series, s.Warnings)
			continue
		}
		low, high := s.Levels[0], s.Levels[1]
		loss := high.Paid - low.Paid
		grown := func(c string) float64 { return high.Shares[c]*high.Paid - low.Shares[c]*low.Paid }
		if cause == "none" {
			worst, most := "", 0.0
			for c := range high.Shares {
				if v := grown(c) / high.Paid; c != "useful" && v > most {
					worst, most = c, v
				}
			}
			all++
			if most <= 0.03 {
				held++
			}
			t.Logf("%-45s clean: at most %.1f %% %s; trace %+.1f %%", s.Series, 100*most, worst, 100**s.TraceCost)
			continue
		}
		other, most := "", 0.0
		for c := range high.Shares {
			if v := grown(c) / loss; c != "useful" && c != cause && c != "unattributed" && v > most {
				other, most = c, v
			}
		}
		own, unknown := grown(cause)/loss, grown("unattributed")/loss
		least := 0.9
		if cause == "gc" || cause == "serial" {
			least = 0.75
		} else if strings.Contains(s.Series, "Short") || strings.Contains(s.Series, "Read") {
			least = 0.8
		}
		verdict := "too small"
		if loss >= 0.2*low.Paid {
			all++
			verdict = "MISSED"
			if own >= least && most <= 0.05 && unknown <= 0.1 {
				held++
				verdict = "holds"
			}
		}
		t.Logf("%-45s loss %.2f T(1): %s %.2f, %s %.2f, unattributed %.2f; trace %+.1f %%: %s", s.Series, loss/low.Paid, cause, own, other, most, unknown, 100**s.TraceCost, verdict)
	}
	if all == 0 || untold*2 > len(why.Stacks) {
		whereLogged(t, module, file)
		t.Skipf("of %d of %d series nothing can be told: measure on a quiet machine", untold, len(why.Stacks))
	}
	t.Logf("why: %d of %d hold", held, all)
	if held*10 < all*9 {
		t.Errorf("why: %d of %d programs are explained, want 9 of 10", held, all)
	}
	first, share, all, named, clean := whereLogged(t, module, file)
	if all == 0 || first*12 < all*11 || share*12 < all*11 {
		t.Errorf("where: of %d cases %d have the guilty line first and %d its share, want 11 of 12", all, first, share)
	}
	if named > 0 {
		t.Errorf("where: a line is named in %d of %d clean programs, want none", named, clean)
	}
}

var causePart = regexp.MustCompile(`/cause=([a-z]+)/`)

// causeOf is the cause that the name of a planted program says.
func causeOf(series string) string {
	if m := causePart.FindStringSubmatch(series); m != nil {
		return m[1]
	}
	return ""
}

// A plantedPlace is a place of amdahl where --json.
type plantedPlace struct {
	Series, Function, File, Cause string
	Line                          int
	Share                         struct{ Value, Low, High float64 }
	Without                       float64 `json:"speedup_without"`
}

// whereLogged counts in how many of the cases that lose at least a fifth of T(1) amdahl where
// names the guilty line first, and in how many with all of the loss, within 10 %; and in how
// many of the clean programs it names a line. It logs what pprof -diff_base names beside that.
func whereLogged(t *testing.T, module, file string) (first, share, all, named, clean int) {
	var doc struct {
		Places []plantedPlace
		Series []struct {
			Series                        string
			N, Speedup, Known, Paid, Loss float64
			Sure                          bool
		}
	}
	status, stdout, stderr := amdahlIn(t, module, "where", "--json", file)
	t.Logf("where: exit status %d, %s", status, stderr)
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil {
		t.Fatal(err)
	}
	guilty := guiltyLines(t, module)
	programs := map[string]bool{}
	for _, s := range doc.Series {
		var places []plantedPlace
		for _, p := range doc.Places {
			if p.Series == s.Series {
				places = append(places, p)
			}
		}
		name, _, _ := strings.Cut(s.Series, "/")
		if causeOf(s.Series) == "none" {
			clean++
			if len(places) > 0 {
				named++
				t.Logf("%-45s clean, and %s:%d is named: %.2f of the loss of %.1f %%, %s", s.Series, filepath.Base(places[0].File), places[0].Line, places[0].Share.Value, 100*s.Loss/s.Paid, places[0].Cause)
			}
			continue
		}
		if len(guilty[name]) == 0 {
			continue
		}
		if !s.Sure {
			t.Logf("%-45s loss %.2f T(1), within the spread of the times: cannot tell", s.Series, s.Loss/(s.Paid-s.Loss))
			continue
		}
		if s.Loss < 0.2*(s.Paid-s.Loss) {
			t.Logf("%-45s loss %.2f T(1): too small", s.Series, s.Loss/(s.Paid-s.Loss))
			continue
		}
		all++
		programs[name] = true
		if len(places) == 0 {
			t.Logf("%-45s nothing is guilty: MISSED", s.Series)
			continue
		}
		// The lines of one section may be in several functions: together they are what was planted.
		found := 0.0
		isGuilty := func(p plantedPlace) bool {
			return slices.Contains(guilty[name], fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line))
		}
		for _, p := range places {
			if isGuilty(p) {
				found += p.Share.Value
			}
		}
		p, verdict := places[0], "MISSED"
		if isGuilty(p) {
			first++
			verdict = "first"
		}
		if found >= 0.9 && found <= 1.1 {
			share++
		} else {
			verdict += ", its share is off"
		}
		t.Logf("%-45s %s:%d %s, %s, %.2f [%.2f, %.2f], without it %.2f; all guilty lines %.2f: %s; pprof -diff_base: %s",
			s.Series, filepath.Base(p.File), p.Line, p.Function, p.Cause, p.Share.Value, p.Share.Low, p.Share.High, p.Without, found, verdict, diffBase(t, file, s.Series))
	}
	t.Logf("where: of %d cases of %d programs the guilty line is first in %d, and its share within 10 %% in %d; of %d clean programs a line is named in %d", all, len(programs), first, share, clean, named)
	return first, share, all, named, clean
}

// guiltyLines are the lines marked in the sources, by the name of the benchmark:
// "planted_test.go:12".
func guiltyLines(t *testing.T, module string) map[string][]string {
	all := map[string][]string{}
	mark := regexp.MustCompile(`// guilty: (\w+)`)
	for _, name := range []string{"planted_test.go", filepath.Join("lib", "lib.go")} {
		f, err := os.Open(filepath.Join(module, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		n := 0
		for in := bufio.NewScanner(f); in.Scan(); {
			n++
			if m := mark.FindStringSubmatch(in.Text()); m != nil {
				all[m[1]] = append(all[m[1]], fmt.Sprintf("%s:%d", filepath.Base(name), n))
			}
		}
	}
	if len(all) < 12 {
		t.Errorf("%d planted places, want 12", len(all))
	}
	return all
}

// diffBase is what pprof ranks first in the difference of the CPU profiles of the first
// round.
func diffBase(t *testing.T, file, series string) string {
	base := filepath.Join(profilesOf(file), strings.ReplaceAll(series, "/", "_"))
	low, high := base+"-1-cpu=1-round1.pb.gz", base+"-2-cpu=2-round1.pb.gz"
	out, err := exec.CommandContext(t.Context(), "go", "tool", "pprof", "-top", "-nodecount=1", "-normalize", "-sample_index=cpu", "-diff_base", low, high).Output()
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	last := strings.Join(strings.Fields(lines[len(lines)-1]), " ")
	if strings.HasPrefix(last, "flat ") {
		return "nothing" // only the head of the table
	}
	return last
}
