//go:build unix && !aix && !solaris && !illumos

package testing

import "syscall"

var whyRusage syscall.Rusage

// process reads the CPU time of this process, user and system, and its context
// switches: those where a thread waited, and those where it was preempted.
func (r *whyReading) process() {
	u := &whyRusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, u); err != nil {
		return // the only causes are a wrong argument and a wrong address
	}
	r.set(whyCPU, float64(u.Utime.Nano()+u.Stime.Nano()))
	r.set(whyVoluntary, float64(u.Nvcsw))
	r.set(whyInvoluntary, float64(u.Nivcsw))
}
