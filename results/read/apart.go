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
		for _, b := range blocks {
			d := &draft{curve: results.Curve{Name: name}}
			d.curve.Name.Parts = append(slices.Clip(name.Parts), titles.parts(b, blocks)...)
			for _, r := range group {
				if r.block == b {
					d.records = append(d.records, r)
				}
			}
			all = append(all, d)
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
	for _, r := range records {
		if !slices.Contains(all, r.block) {
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

// parts are what tells one block from the others at the end of a name.
func (t fileTitles) parts(b *block, blocks []*block) []results.Part {
	var all []results.Part
	same, files := 0, false
	for _, o := range blocks {
		files = files || o.file != b.file
		if o.file == b.file && (o.title == b.title || o.title == "" || b.title == "") {
			same++
		}
	}
	if files {
		title, number := t[b.path], 0
		for _, o := range blocks { // one path named twice
			if o.path == b.path && o.file != b.file {
				number = b.file + 1
			}
		}
		if number > 0 {
			title = fmt.Sprintf("%s+%d", title, number)
		}
		all = append(all, results.Part{Key: fileKey, Value: title})
	}
	inFile := 0 // which block of its file
	several := false
	for _, o := range blocks {
		if o.file == b.file {
			if several = several || o != b; o == b {
				inFile = countBefore(blocks, b) + 1
			}
		}
	}
	if several {
		title := strings.ReplaceAll(b.title, "/", "-")
		if title == "" || same > 1 {
			title = strings.TrimLeft(fmt.Sprintf("%s %d", title, inFile), " ")
		}
		all = append(all, results.Part{Value: title})
	}
	return all
}

func countBefore(blocks []*block, b *block) (n int) {
	for _, o := range blocks {
		if o == b {
			return n
		}
		if o.file == b.file {
			n++
		}
	}
	return n
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
	return fmt.Sprintf("the file has this level %d times, and the samples differ %.2g times (%s and %s): they are of different things: put each into a file of its own, or name the column that tells them apart with --series",
		n, high/low, words.Seconds(low), words.Seconds(high))
}
