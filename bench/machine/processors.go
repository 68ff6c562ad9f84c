package machine

import (
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// processors finds the processors that are online and allowed, and which of
// them share a core.
func (f *Facts) processors(root fs.FS) {
	f.Allowed = runtime.NumCPU()
	allowed, err := allowedList(root)
	if err != nil {
		f.miss("affinity", err)
	} else {
		f.Allowed, f.AllowedList = len(allowed), listText(allowed)
	}
	online, err := readList(root, "sys/devices/system/cpu/online")
	if err != nil {
		f.miss("online", err)
		return
	}
	f.Online = len(online)
	seen := map[string][]int{} // the allowed processors of each core, by all of its processors
	var first []int
	for _, n := range online {
		siblings, err := siblingsOf(root, n)
		if err != nil {
			f.miss("SMT", err)
			f.ThreadsPerCore = 0
			return
		}
		f.ThreadsPerCore = max(f.ThreadsPerCore, len(siblings))
		core := listText(siblings)
		if _, ok := seen[core]; !ok {
			seen[core] = nil
		}
		if slices.Contains(allowed, n) {
			if seen[core] == nil {
				first = append(first, n)
			}
			seen[core] = append(seen[core], n)
		}
	}
	f.Physical = len(seen)
	if len(allowed) > 0 {
		shared := len(first) < len(allowed)
		f.Siblings, f.OnePerCore = &shared, listText(first)
	}
}

// allowedList is the affinity mask, which a cpuset also narrows.
func allowedList(root fs.FS) ([]int, error) {
	status, err := text(root, "proc/self/status")
	if err != nil {
		return nil, err
	}
	list := line(status, "Cpus_allowed_list")
	if list == "" {
		return nil, fmt.Errorf("/proc/self/status has no line Cpus_allowed_list")
	}
	return parseList(list)
}

// readList reads a file that holds a set of processors.
func readList(root fs.FS, file string) ([]int, error) {
	list, err := text(root, file)
	if err != nil {
		return nil, err
	}
	return parseList(list)
}

// siblingsOf are the processors of one core, the given one among them.
func siblingsOf(root fs.FS, n int) ([]int, error) {
	dir := cpuDir(n)
	list, err := readList(root, path.Join(dir, "topology/core_cpus_list"))
	if err != nil { // before Linux 5.3
		return readList(root, path.Join(dir, "topology/thread_siblings_list"))
	}
	return list, nil
}

func cpuDir(n int) string { return "sys/devices/system/cpu/cpu" + strconv.Itoa(n) }

// parseList reads the kernel's notation for sets of processors: "0-3,8".
func parseList(s string) ([]int, error) {
	const most = 1 << 16 // processors; Linux takes 8192
	var list []int
	for part := range strings.SplitSeq(strings.TrimSpace(s), ",") {
		from, to, isRange := strings.Cut(part, "-")
		low, err1 := strconv.Atoi(from)
		high, err2 := low, error(nil)
		if isRange {
			high, err2 = strconv.Atoi(to)
		}
		if err1 != nil || err2 != nil || low < 0 || high < low || high >= most {
			return nil, fmt.Errorf("%q is no list of processors", strings.TrimSpace(s))
		}
		for n := low; n <= high; n++ {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// listText writes ascending processors in the kernel's notation.
func listText(list []int) string {
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		part := strconv.Itoa(list[i])
		if j > i {
			part += "-" + strconv.Itoa(list[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ",")
}
