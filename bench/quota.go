package bench

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// quota is how many processors' worth of time the control group allows:
// "none", or a number such as "1.5". It is "" on a system without control
// groups.
func quota() string { return quotaIn(os.DirFS("/")) }

func quotaIn(root fs.FS) string {
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return ""
	}
	least := 0.0
	for line := range strings.Lines(string(groups)) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 {
			continue
		}
		unified := f[1] == ""
		if !unified && !strings.Contains(","+f[1]+",", ",cpu,") {
			continue
		}
		// A limit of any group above this one holds too.
		for dir := path.Clean("/" + f[2]); ; dir = path.Dir(dir) {
			if n := limit(root, dir, unified); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if dir == "/" {
				break
			}
		}
	}
	if least == 0 {
		return "none"
	}
	return strconv.FormatFloat(least, 'g', 4, 64)
}

// limit is one group's own limit in processors; 0 if it sets none.
func limit(root fs.FS, dir string, unified bool) float64 {
	read := func(base, file string) string {
		b, err := fs.ReadFile(root, path.Join("sys/fs/cgroup", base, dir, file))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(b))
	}
	var max, period string
	if unified {
		max, period, _ = strings.Cut(read("", "cpu.max"), " ")
	} else {
		max, period = read("cpu", "cpu.cfs_quota_us"), read("cpu", "cpu.cfs_period_us")
	}
	m, err1 := strconv.ParseFloat(max, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || m <= 0 || p <= 0 {
		return 0
	}
	return m / p
}
