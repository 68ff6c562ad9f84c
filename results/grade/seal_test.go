package grade

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func chain() Chain {
	return Start("third", "ada", noon).Predict("p1", "How fast?", "1.9", noon).Predict("p2", "And then?", "2.7", noon)
}

func TestSeal(t *testing.T) {
	c := chain()
	if err := c.Check("third", "ada"); err != nil {
		t.Fatal(err)
	}
	if got := c.Answers(); len(got) != 2 || got["p1"] != "1.9" || got["p2"] != "2.7" {
		t.Errorf("answers %v", got)
	}
	work, order := c.Seeds()
	if work == 0 || order == 0 || order > 1<<32 {
		t.Errorf("seeds %d, %d", work, order)
	}
}

// What breaks a chain, and what gives other seeds: no change goes unnoticed.
func TestSealChanges(t *testing.T) {
	work, order := chain().Seeds()
	for name, change := range map[string]func(Chain) Chain{
		"an answer is edited": func(c Chain) Chain { c[1].Answer = "1.4"; return c },
		"a time is edited":    func(c Chain) Chain { c[2].Time = "2026-11-30T11:00:00Z"; return c },
		"an entry is dropped": func(c Chain) Chain { return append(c[:1], c[2:]...) },
		"entries are swapped": func(c Chain) Chain { c[1], c[2] = c[2], c[1]; return c },
		"another student":     func(c Chain) Chain { c[0].Answer = "bob"; return c },
		"rehashed alone":      func(c Chain) Chain { c[1].Answer = "1.4"; c[1].Hash = c[1].hash(); return c },
		"empty":               func(Chain) Chain { return nil },
		"another lab":         func(c Chain) Chain { c[0].Question = "pool"; c[0].Hash = c[0].hash(); return c },
	} {
		if err := change(chain()).Check("third", "ada"); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	for name, c := range map[string]Chain{
		"another prediction, computed anew": Start("third", "ada", noon).Predict("p1", "How fast?", "1.4", noon).Predict("p2", "And then?", "2.7", noon),
		"another student, computed anew":    Start("third", "bob", noon).Predict("p1", "How fast?", "1.9", noon).Predict("p2", "And then?", "2.7", noon),
		"one more prediction":               chain().Predict("p1", "How fast?", "1.4", noon),
	} {
		if w, o := c.Seeds(); w == work || o == order {
			t.Errorf("%s: the same seeds", name)
		}
	}
}

func TestReadSubmission(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := &Submission{Schema: Schema, Lab: "third", Student: "ada", Seal: chain(), Answers: map[string]string{"e1": "1.4"}, Files: map[string]string{"plans.go": "package third"}, Run: "x"}
	text, err := good.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := ReadSubmission(write("a.json", string(text))); err != nil || s.Student != "ada" || s.Run != "x" || s.Seal.Check("third", "ada") != nil {
		t.Errorf("read %+v, %v", s, err)
	}
	if s, err := ReadSubmission(dir); err != nil || s.Student != "ada" {
		t.Errorf("the only JSON file of a folder: %+v, %v", s, err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"schema":  {`{"schema": "amdahl-lab/9"}`, "reads \"amdahl-lab/1\""},
		"unknown": {`{"schema": "amdahl-lab/1", "points": 100}`, "unknown field"},
		"text":    {"hello", "not a submission"},
		"empty":   {"", "not a submission: it is empty: write it with amdahl lab submit"},
		"comma":   {"{\"schema\": \"amdahl-lab/1\",\n\"lab\": \"third\",}", "line 2: invalid character '}'"},
		"cut":     {"{\"schema\": \"amdahl-lab/1\",\n\"lab\": \"th", "line 2: it ends too early"},
		"kind":    {"{\n\n\"lab\": 7}", `line 3: "lab" holds a number`},
		"long":    {strings.Repeat("x", mostSubmission+1), "at most"},
	} {
		if _, err := ReadSubmission(write("b.json", c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
	if _, err := ReadSubmission(write(StateFile, "{\n")); err == nil || !strings.Contains(err.Error(), "amdahl lab start NAME NEWFOLDER") {
		t.Errorf("the state of a lab is broken: %v", err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.json")); err == nil {
		if _, err := ReadSubmission(filepath.Join(dir, "link.json")); err == nil {
			t.Error("a link was followed")
		}
	}
}

func FuzzReadSubmission(f *testing.F) {
	text, _ := (&Submission{Schema: Schema, Seal: chain()}).Encode()
	f.Add(text)
	f.Add([]byte(`{"schema":"amdahl-lab/1","seal":[{"number":0,"hash":"zz"}]}`))
	path := filepath.Join(f.TempDir(), "s.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := ReadSubmission(path); err == nil {
			s.Seal.Seeds()
			_ = s.Seal.Check(s.Lab, s.Student)
		}
	})
}
