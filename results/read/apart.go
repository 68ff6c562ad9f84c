package read

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// fileKey is the key in the name of a series that stands in several files.
const fileKey = "file"

// modeKey is the key of the mode in the name of a series that was measured in
// several.
const modeKey = "mode"

// drafts joins records into curves: those of one package, one series and one x
// axis. Blocks that have the same level of a series are told apart: they
// measured different things, or one thing twice, and only the user knows which.
func (s *session) drafts(records []located) []*draft {
	type key struct {
		pkg, series, x, mode string
		speedup              bool
	}
	type nameKey struct{ pkg, series, x string }
	modes := map[nameKey][]string{}
	groups := map[key][]located{}
	var order []key
	packages := map[string]bool{}
	for _, r := range records {
		k := key{r.pkg, r.name.String(), r.x, r.mode, r.speedup}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], r)
		if n := (nameKey{k.pkg, k.series, k.x}); !slices.Contains(modes[n], k.mode) {
			modes[n] = append(modes[n], k.mode)
		}
		packages[r.pkg] = true
	}
	titles := s.titles()
	var all []*draft
	joined, split, parted := "", "", "" // the first of each
	for _, k := range order {
		group := groups[k]
		name := group[0].name
		if len(modes[nameKey{k.pkg, k.series, k.x}]) > 1 {
			name.Parts = append(slices.Clip(name.Parts), results.Part{Key: modeKey, Value: k.mode})
		}
		if len(packages) > 1 {
			name.Package = k.pkg
		}
		blocks := blocksOf(group)
		if len(blocks) == 1 || s.options.Join || !overlap(group) {
			if len(blocks) > 1 && blocks[0].file != blocks[len(blocks)-1].file {
				joined = cmp.Or(joined, name.String())
			}
			all = append(all, &draft{curve: results.Curve{Name: name}, records: group})
			continue
		}
		if !blocks[0].column || blocks[len(blocks)-1].file != blocks[0].file { // a table with columns says so itself
			if blocks[len(blocks)-1].file == blocks[0].file {
				parted = cmp.Or(parted, name.String())
			} else {
				split = cmp.Or(split, name.String())
			}
		}
		of := map[*block]*draft{}
		for i, parts := range titles.parts(blocks) {
			d := &draft{curve: results.Curve{Name: name}}
			d.curve.Name.Parts = append(slices.Clip(name.Parts), parts...)
			of[blocks[i]] = d
			all = append(all, d)
		}
		for _, r := range group {
			of[r.block].records = append(of[r.block].records, r)
		}
	}
	join := s.options.command(func(o *Options) { o.Join = true })
	if parted != "" {
		s.note("%s has the same levels in several parts of one file (a title, a header, a fence or a blank line begins a part), which are told apart: if they are repeats of one measurement: %s", parted, join)
	}
	if split != "" {
		s.note("%s has the same levels in several files, which are told apart: if they are repeats of one measurement: %s", split, join)
	}
	if joined != "" {
		s.note("%s is made of several files, each with other levels", joined)
	}
	return all
}

func blocksOf(records []located) []*block {
	var all []*block
	seen := map[*block]bool{}
	for _, r := range records {
		if !seen[r.block] {
			seen[r.block] = true
			all = append(all, r.block)
		}
	}
	return all
}

// overlap reports whether two blocks have the same level.
func overlap(records []located) bool {
	of := map[float64]*block{}
	for _, r := range records {
		if b := of[r.workers]; b != nil && b != r.block {
			return true
		}
		of[r.workers] = r.block
	}
	return false
}

// fileTitles names each file of the input by what tells it from the others.
type fileTitles map[string]string

func (s *session) titles() fileTitles {
	titles := fileTitles{}
	split := map[string][]string{}
	for _, p := range s.paths {
		split[p] = strings.Split(filepath.ToSlash(filepath.Clean(p)), "/")
	}
	for p, parts := range split {
		end := len(parts) // without the elements at the end that all files share
		for end > 1 && !slices.ContainsFunc(s.paths, func(q string) bool {
			at := end - 1 - len(parts) + len(split[q])
			return at < 0 || split[q][at] != parts[end-1]
		}) {
			end--
		}
		title := parts[end-1]
		for n := end - 2; n >= 0; n-- { // with as many in front as tell it from others
			if !slices.ContainsFunc(s.paths, func(q string) bool {
				other := split[q]
				at := end - len(parts) + len(other)
				return q != p && at > 0 && strings.HasSuffix("/"+strings.Join(other[:at], "/"), "/"+strings.ReplaceAll(title, "+", "/"))
			}) {
				break
			}
			title = parts[n] + "+" + title
		}
		titles[p] = title
	}
	return titles
}

// parts are what tells each block from the others at the end of a name.
func (t fileTitles) parts(blocks []*block) [][]results.Part {
	type titled struct {
		file  int
		title string
	}
	inFile := map[int]int{}     // blocks of each file
	ofTitle := map[titled]int{} // blocks of each title of a file
	ofPath := map[string]int{}  // the file of each path
	twice := map[string]bool{}  // paths that are named twice
	files := map[int]bool{}     // that have blocks
	for _, b := range blocks {
		inFile[b.file]++
		ofTitle[titled{b.file, b.title}]++
		files[b.file] = true
		if file, ok := ofPath[b.path]; ok && file != b.file {
			twice[b.path] = true
		}
		ofPath[b.path] = b.file
	}
	all := make([][]results.Part, len(blocks))
	before := map[int]int{} // blocks of each file that came before
	for i, b := range blocks {
		if len(files) > 1 {
			title := t[b.path]
			if twice[b.path] {
				title = fmt.Sprintf("%s+%d", title, b.file+1)
			}
			all[i] = append(all[i], results.Part{Key: fileKey, Value: title})
		}
		before[b.file]++
		if inFile[b.file] == 1 {
			continue
		}
		same := ofTitle[titled{b.file, b.title}] + ofTitle[titled{b.file, ""}]
		if b.title == "" {
			same = inFile[b.file]
		}
		title := strings.ReplaceAll(b.title, "/", "-")
		if title == "" || same > 1 {
			title = strings.TrimLeft(fmt.Sprintf("%s %d", title, before[b.file]), " ")
		}
		all[i] = append(all[i], results.Part{Value: title})
	}
	return all
}

// mixed says that the samples of a record, which the file gave at two or three
// places, are so far apart that they are of different things; "" otherwise.
func (r *record) mixed() string {
	const far = 3
	n := len(r.visits)
	if n < 2 || n >= mostVisits || r.perOp != nil {
		return ""
	}
	low, high := 0.0, 0.0
	for i, from := range r.visits {
		to := len(r.samples)
		if i+1 < n {
			to = r.visits[i+1]
		}
		var times []float64
		for _, s := range r.samples[from:to] {
			times = append(times, s.Time)
		}
		if len(times) == 0 {
			return ""
		}
		m := stats.Median(times)
		if low == 0 || m < low {
			low = m
		}
		high = max(high, m)
	}
	if high <= far*low {
		return ""
	}
	what := fmt.Sprintf("the file has this level %d times, and the samples differ %.2g times (%s and %s): they are of different things: put each into a file of its own",
		n, high/low, words.Seconds(low), words.Seconds(high))
	if r.block.table {
		what += ", or name the column that tells them apart with --series"
	}
	return what
}
