package bench

import "golang.org/x/sys/windows"

// cpuTime is the CPU time, user and kernel, that this process has used, in
// ns.
func cpuTime() int64 {
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user); err != nil {
		return 0
	}
	ticks := func(f windows.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
	return 100 * (ticks(kernel) + ticks(user)) // ticks of 100 ns
}
