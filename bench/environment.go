package bench

import (
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/mem"
)

// WriteEnvironment writes the configuration lines that the testing package
// does not write by itself, and the round unless it is 0. What cannot be
// found out is left out.
func WriteEnvironment(w io.Writer, round int) error {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	line("cpu-count", strconv.Itoa(runtime.NumCPU()))
	if n, err := cpu.Counts(false); err == nil && n > 0 {
		line("cpu-physical-count", strconv.Itoa(n))
	}
	line("cpu-quota", quota())
	if m, err := mem.VirtualMemory(); err == nil {
		line("mem", fmt.Sprintf("%.1f GiB", float64(m.Total)/(1<<30)))
	}
	if v, err := host.KernelVersion(); err == nil {
		line("kernel", v)
	}
	line("go", runtime.Version())
	line("commit", commit())
	if round > 0 {
		line("round", strconv.Itoa(round))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// commit is the version of the code that is measured, with -dirty behind it
// where files differ from it, those of stored runs aside; "" outside a git
// checkout.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return ""
	}
	version := strings.TrimSpace(string(out))
	changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)results/runs").Output()
	if err != nil || len(changed) > 0 {
		version += "-dirty"
	}
	return version
}
