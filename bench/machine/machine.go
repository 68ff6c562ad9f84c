// Package machine says what a measurement runs on, and whether its numbers
// can be believed.
//
//   - [Look] finds the [Facts] that hold for a whole run, and [Facts.Settings]
//     writes them as configuration lines of the Go benchmark format.
//   - [Take] reads what changes; [Difference] is the change over a round.
//   - [Canaries] keeps threads busy for a moment and says what they were given
//     of the processors, and [Spoilt] compares how fast the processors were
//     before and after a round with all others.
//   - [Measure] times the machine itself, and [Judge] grades all of it from A
//     to F, with a reason and a remedy for every grade lost.
//   - [Facts.CanMeasure] refuses more workers than there are processors.
//
// What cannot be found out is absent, with the reason in an [Unknown]. Remedies
// are words and commands to print; nothing here changes the machine.
package machine

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/disk"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/mem"

	"amdahl/bench/contract"
)

// Facts are what does not change during a run. A zero field was not found
// out; Unknown has the reason.
type Facts struct {
	CPU            string   // model
	Allowed        int      // processors that this process may use: always known
	AllowedList    string   // which these are: "0-3,8"
	Online         int      // processors that the system runs
	Physical       int      // cores
	ThreadsPerCore int      // the most of any core
	Siblings       *bool    // two of the allowed processors share a core
	OnePerCore     string   // a list with one allowed processor of each core
	Quota          *float64 // processors' worth of time that control groups allow; 0 is no limit
	Governor       string   // of the frequency: "performance"; "a, b" where processors differ
	Turbo          *Turbo
	VM             string // hypervisor, "yes" if only that there is one is known, "none"
	Container      string // "docker", "none"
	Memory         uint64 // bytes
	Dir            string // the scratch directory
	FS             string // its type of file system: "ext4"
	Fsync          time.Duration
	Kernel         string
	Go             string
	Commit         string // of the code in the working directory; "-dirty" behind it where files differ
	Unknown        []Unknown
}

// An Unknown is something that could not be found out.
type Unknown struct{ Name, Why string }

// A Setting is one configuration line, "key: value".
type Setting struct{ Key, Value string }

// Options say what to look at. The zero value is the default.
type Options struct {
	Dir     string // the scratch directory; "" is [os.TempDir]
	NoFsync bool   // leave the cost of fsync unmeasured, which otherwise takes up to about 0.3 s
}

// Look finds out what this machine is. It starts git, reads files, and writes
// a small one into the scratch directory, which it removes. What fails is in
// Unknown.
func Look(o Options) Facts {
	f := read(system())
	if infos, err := cpu.Info(); err == nil && len(infos) > 0 {
		f.CPU = strings.TrimSpace(infos[0].ModelName)
	}
	if f.Physical == 0 {
		if n, err := cpu.Counts(false); err == nil && n > 0 {
			f.Physical = n
		}
	}
	if f.Online == 0 {
		if n, err := cpu.Counts(true); err == nil && n > 0 {
			f.Online = n
		}
	}
	if m, err := mem.VirtualMemory(); err == nil {
		f.Memory = m.Total
	} else {
		f.miss("memory", err)
	}
	if v, err := host.KernelVersion(); err == nil {
		f.Kernel = v
	} else {
		f.miss("kernel", err)
	}
	if runtime.GOOS != "linux" {
		if kind, role, err := host.Virtualization(); err == nil && kind != "" && role == "guest" {
			f.VM = kind
		}
	}
	f.Go = runtime.Version()
	f.Commit = commit()
	f.scratch(o)
	return f
}

// read finds out what the files under proc and sys tell.
func read(root fs.FS) Facts {
	var f Facts
	f.processors(root)
	f.Quota = find(&f.Unknown, "quota", quota, root)
	f.Governor = find(&f.Unknown, "governor", governor, root)
	f.Turbo = find(&f.Unknown, "turbo", turbo, root)
	f.VM = find(&f.Unknown, "virtual", hypervisor, root)
	f.Container = find(&f.Unknown, "container", container, root)
	return f
}

// scratch looks at the scratch directory.
func (f *Facts) scratch(o Options) {
	f.Dir = o.Dir
	if f.Dir == "" {
		f.Dir = os.TempDir()
	}
	if runtime.GOOS == "linux" {
		dir, err := filepath.EvalSymlinks(f.Dir)
		if err == nil {
			dir, err = filepath.Abs(dir)
		}
		if err == nil {
			f.FS, err = fileSystem(system(), dir)
		}
		if err != nil {
			f.miss("file system", err)
		}
	} else if u, err := disk.Usage(f.Dir); err == nil {
		f.FS = u.Fstype
	}
	if o.NoFsync {
		return
	}
	var err error
	if f.Fsync, err = fsync(f.Dir); err != nil {
		f.miss("fsync", err)
	}
}

// Settings are the configuration lines, in a fixed order, without what is
// unknown. cpu-count is the number of allowed processors.
func (f Facts) Settings() []Setting {
	var list []Setting
	add := func(key, value string) {
		if value != "" {
			list = append(list, Setting{key, value})
		}
	}
	count := func(key string, n int) {
		if n > 0 {
			add(key, strconv.Itoa(n))
		}
	}
	count(contract.KeyCPUCount, f.Allowed)
	count(contract.KeyCPUPhysical, f.Physical)
	count(contract.KeyCPUOnline, f.Online)
	add(contract.KeyCPUAllowed, f.AllowedList)
	if f.Quota != nil {
		add(contract.KeyCPUQuota, quotaText(*f.Quota))
	}
	count(contract.KeyThreadsPerCore, f.ThreadsPerCore)
	if f.Siblings != nil {
		add(contract.KeySMT, yesNo(*f.Siblings, "yes", "no"))
	}
	add(contract.KeyGovernor, f.Governor)
	if f.Turbo != nil {
		add(contract.KeyTurbo, yesNo(f.Turbo.On, "on", "off"))
	}
	if f.Memory > 0 {
		add(contract.KeyMemory, fmt.Sprintf("%.1f GiB", float64(f.Memory)/(1<<30)))
	}
	add(contract.KeyScratchFS, f.FS)
	if f.Fsync > 0 {
		add(contract.KeyScratchFsync, duration(f.Fsync))
	}
	add(contract.KeyVM, f.VM)
	add(contract.KeyContainer, f.Container)
	add(contract.KeyKernel, f.Kernel)
	add(contract.KeyGo, f.Go)
	add(contract.KeyCommit, f.Commit)
	return list
}

// Platform is what the testing package writes by itself and other programs do
// not: goos, goarch, cpu.
func (f Facts) Platform() []Setting {
	list := []Setting{{contract.KeyOS, runtime.GOOS}, {contract.KeyArch, runtime.GOARCH}}
	if f.CPU != "" {
		list = append(list, Setting{contract.KeyCPU, f.CPU})
	}
	return list
}

// Write writes configuration lines.
func Write(w io.Writer, settings []Setting) error {
	var b strings.Builder
	for _, s := range settings {
		fmt.Fprintf(&b, "%s: %s\n", s.Key, s.Value)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteEnvironment writes the configuration lines that the testing package
// does not write by itself, and the round unless it is 0. A line holds until
// it is said again, so only the first round measures the scratch directory.
func WriteEnvironment(w io.Writer, round int) error {
	list := Look(Options{NoFsync: round > 1}).Settings()
	if round > 0 {
		list = append(list, Setting{contract.KeyRound, strconv.Itoa(round)})
	}
	return Write(w, list)
}

func (f *Facts) miss(name string, err error) {
	f.Unknown = append(f.Unknown, Unknown{name, why(err)})
}

// find is what a function reads of the files below root. If it fails, the reason
// becomes an Unknown of that name.
func find[T any](unknown *[]Unknown, name string, read func(fs.FS) (T, error), root fs.FS) T {
	v, err := read(root)
	if err != nil {
		*unknown = append(*unknown, Unknown{name, why(err)})
	}
	return v
}
