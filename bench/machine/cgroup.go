package machine

import (
	"io/fs"
	"iter"
	"path"
	"strconv"
	"strings"
	"time"
)

// A group is a control group that may limit this process's processors, or one
// above it, whose limits hold too.
type group struct {
	root    fs.FS
	dir     string
	unified bool // cgroup v2
}

// groups are the process's own control groups and all above them, up to the
// root.
func groups(root fs.FS) (iter.Seq[group], error) {
	list, err := text(root, "proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	return func(yield func(group) bool) {
		for line := range strings.Lines(list) {
			f := strings.SplitN(strings.TrimSpace(line), ":", 3)
			if len(f) != 3 {
				continue
			}
			unified := f[1] == ""
			if !unified && !strings.Contains(","+f[1]+",", ",cpu,") {
				continue
			}
			for dir := path.Clean("/" + f[2]); ; dir = path.Dir(dir) {
				if !yield(group{root, dir, unified}) {
					return
				}
				if dir == "/" {
					break
				}
			}
		}
	}, nil
}

// read is a file of the group; "" if it has none.
func (g group) read(file string) string {
	base := "sys/fs/cgroup"
	if !g.unified {
		base += "/cpu"
	}
	s, err := text(g.root, path.Join(base, g.dir, file))
	if err != nil {
		return ""
	}
	return s
}

// limit is the group's own limit in processors; 0 if it sets none.
func (g group) limit() float64 {
	var max, period string
	if g.unified {
		max, period, _ = strings.Cut(g.read("cpu.max"), " ")
	} else {
		max, period = g.read("cpu.cfs_quota_us"), g.read("cpu.cfs_period_us")
	}
	m, err1 := strconv.ParseFloat(max, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || m <= 0 || p <= 0 {
		return 0
	}
	return m / p
}

// quota is how many processors' worth of time the control groups allow: the
// least limit, 0 for none.
func quota(root fs.FS) (*float64, error) {
	all, err := groups(root)
	if err != nil {
		return nil, err
	}
	least := 0.0
	for g := range all {
		if n := g.limit(); n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return &least, nil
}

// quotaText is "none", or a number such as "1.5".
func quotaText(q float64) string {
	if q == 0 {
		return "none"
	}
	return strconv.FormatFloat(q, 'g', 4, 64)
}

// Throttled says how often control groups stopped this process, and all in
// its group, because their quota was used up. Counts are since the group was
// made.
type Throttled struct {
	Periods uint64        // that were begun while something ran, 100 ms long as a rule
	Stopped uint64        // of these, in which the quota was used up
	Time    time.Duration // summed over processors
}

// readThrottled is the sum over the groups that limit; nil where none does.
func readThrottled(root fs.FS) (*Throttled, error) {
	all, err := groups(root)
	if err != nil {
		return nil, err
	}
	var t *Throttled
	for g := range all {
		if g.limit() == 0 {
			continue
		}
		if t == nil {
			t = &Throttled{}
		}
		for line := range strings.Lines(g.read("cpu.stat")) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			n, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				continue
			}
			switch key {
			case "nr_periods":
				t.Periods += n
			case "nr_throttled":
				t.Stopped += n
			case "throttled_usec": // v2
				t.Time += time.Duration(n) * time.Microsecond
			case "throttled_time": // v1
				t.Time += time.Duration(n)
			}
		}
	}
	return t, nil
}
