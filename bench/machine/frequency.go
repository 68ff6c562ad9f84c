package machine

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// governor is how the system chooses the frequency of the processors: the
// names in use, sorted.
func governor(root fs.FS) (string, error) {
	var names []string
	for _, file := range ofProcessors(root, "cpufreq/scaling_governor") {
		name, err := text(root, file)
		if err != nil {
			return "", err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", "), nil
}

// ofProcessors lists a file of every processor; where none has it, the first one's,
// so that the error of reading says what is not there.
func ofProcessors(root fs.FS, file string) []string {
	files, err := fs.Glob(root, "sys/devices/system/cpu/cpu[0-9]*/"+file)
	if err != nil || len(files) == 0 {
		return []string{path.Join(cpuDir(0), file)}
	}
	return files
}

// Turbo is whether few busy processors run faster than many.
type Turbo struct {
	On  bool
	Off string // the command that switches it off
}

// turbo reads what the two kinds of drivers say: Intel's has a switch of its
// own, with the opposite sense.
func turbo(root fs.FS) (*Turbo, error) {
	for _, t := range []struct{ file, off string }{
		{"sys/devices/system/cpu/intel_pstate/no_turbo", "1"},
		{"sys/devices/system/cpu/cpufreq/boost", "0"},
	} {
		if s, err := text(root, t.file); err == nil {
			return &Turbo{On: s != t.off, Off: "echo " + t.off + " | sudo tee /" + t.file}, nil
		}
	}
	_, err := text(root, "sys/devices/system/cpu/cpufreq/boost")
	return nil, err
}

// thermal counts how often processors were slowed because they were too hot,
// since the system started: of all cores, and the most of any package.
func thermal(root fs.FS) (*uint64, error) {
	var sum, most uint64
	for _, file := range ofProcessors(root, "thermal_throttle/core_throttle_count") {
		n, err := number(root, file)
		if err != nil {
			return nil, err
		}
		sum += n
		// Every processor repeats the count of its package.
		if n, err := number(root, strings.Replace(file, "core_throttle", "package_throttle", 1)); err == nil {
			most = max(most, n)
		}
	}
	sum += most
	return &sum, nil
}
