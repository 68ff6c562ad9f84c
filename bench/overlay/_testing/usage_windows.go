package testing

import "syscall"

var whyCreated, whyExited, whyKernel, whyUser syscall.Filetime

// process reads the CPU time of this process, user and system. Windows counts
// no context switches of a process.
func (r *whyReading) process() {
	self, err := syscall.GetCurrentProcess()
	if err != nil || syscall.GetProcessTimes(self, &whyCreated, &whyExited, &whyKernel, &whyUser) != nil {
		return
	}
	// Both are in units of 100 ns, but no times of a clock: Nanoseconds, which
	// counts from 1970, would be wrong.
	total := int64(whyKernel.HighDateTime)<<32 | int64(whyKernel.LowDateTime)
	total += int64(whyUser.HighDateTime)<<32 | int64(whyUser.LowDateTime)
	r.set(whyCPU, 100*float64(total))
}
