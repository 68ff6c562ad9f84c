package machine

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// fileSystem is the type of the file system that holds an absolute directory
// free of symbolic links: that of the deepest mount above it.
func fileSystem(root fs.FS, dir string) (string, error) {
	mounts, err := text(root, "proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	kind, deepest := "", -1
	for l := range strings.Lines(mounts) {
		left, right, ok := strings.Cut(l, " - ")
		f, g := strings.Fields(left), strings.Fields(right)
		if !ok || len(f) < 5 || len(g) < 1 {
			continue
		}
		// A later mount at the same place covers the one before.
		if at := unescape.Replace(f[4]); within(dir, at) && len(at) >= deepest {
			kind, deepest = g[0], len(at)
		}
	}
	if kind == "" {
		return "", fmt.Errorf("/proc/self/mountinfo has no mount above %s", dir)
	}
	return kind, nil
}

// unescape undoes how mountinfo writes what would end a field.
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

func within(dir, mount string) bool {
	return mount == "/" || dir == mount || strings.HasPrefix(dir, mount+"/")
}

// inMemory says whether a file system keeps its files in memory, so that
// writing to it is work for the processor.
func inMemory(kind string) bool { return kind == "tmpfs" || kind == "ramfs" || kind == "devtmpfs" }

// remote says whether a file system is on another machine.
func remote(kind string) bool {
	return slices.Contains([]string{"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "fuse.sshfs", "glusterfs", "lustre"}, kind)
}

// fsync is what it costs to append 4 KiB to a file in the directory and to
// wait until it is on the disk: the median of up to nine, in at most about
// 0.3 s where one is fast.
func fsync(dir string) (time.Duration, error) {
	f, err := os.CreateTemp(dir, "amdahl-*")
	if err != nil {
		return 0, fmt.Errorf("machine: writing into the scratch directory: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	var times []time.Duration
	for begin := time.Now(); len(times) < 9 && time.Since(begin) < 300*time.Millisecond; {
		start := time.Now()
		if _, err = f.Write(page); err == nil {
			err = f.Sync()
		}
		if err != nil {
			return 0, fmt.Errorf("machine: writing into the scratch directory: %w", err)
		}
		times = append(times, time.Since(start))
	}
	return quantile(times, 0.5), nil
}

// quantile is the time that the share q of the times does not exceed, from 0
// to 1, interpolated between neighbours; 0 of none.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(times))
	at := q * float64(len(s)-1)
	i := int(at)
	if i >= len(s)-1 {
		return s[len(s)-1]
	}
	return s[i] + time.Duration((at-float64(i))*float64(s[i+1]-s[i]))
}
