package perf

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// explain says what an error of perf_event_open means to the user.
func explain(s system, err error) *Error {
	is := func(errs ...unix.Errno) bool {
		for _, e := range errs {
			if errors.Is(err, e) {
				return true
			}
		}
		return false
	}
	e, code := &Error{Err: err}, err.Error()
	if errno, ok := errors.AsType[unix.Errno](err); ok {
		code = unix.ErrnoName(errno)
	}
	level, known := s.paranoid()
	switch {
	case is(unix.EACCES, unix.EPERM) && known && level > 2:
		e.Reason = fmt.Sprintf("kernel.perf_event_paranoid is %d, so only root may count: sudo sysctl kernel.perf_event_paranoid=1 allows it until the next boot (2: user code only)", level)
	case is(unix.EACCES, unix.EPERM):
		allows := ""
		if known {
			allows = fmt.Sprintf(" though kernel.perf_event_paranoid is %d, which allows it", level)
		}
		e.Reason = fmt.Sprintf("perf_event_open is forbidden (%s)%s: a container's seccomp filter or a security module is in the way; with Docker, add --cap-add PERFMON or --security-opt seccomp=unconfined", code, allows)
	case is(unix.ENOSYS):
		e.Reason = "the kernel has no perf_event_open, or a sandbox (a seccomp filter, gVisor) hides it: run outside the sandbox"
	case is(unix.ENOENT, unix.EOPNOTSUPP, unix.ENODEV, unix.ENXIO):
		e.Reason = fmt.Sprintf("this machine offers no hardware counters (%s), like most virtual machines: run on real hardware, or on a virtual machine to which the host passes its PMU", code)
	case is(unix.EINVAL, unix.E2BIG):
		e.Reason = fmt.Sprintf("the kernel does not take the request (%s): Linux 5.13 or newer is needed", code)
	case is(unix.EMFILE, unix.ENFILE):
		e.Reason = fmt.Sprintf("three files for each thread cannot be opened (%s): raise the limit with ulimit -n", code)
	case is(unix.EBUSY):
		e.Reason = "another program holds the counters for itself: end it"
	default:
		e.Reason = fmt.Sprintf("the counters cannot be opened: %v", err)
	}
	return e
}
