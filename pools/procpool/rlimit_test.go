//go:build unix && !freebsd && !dragonfly

package procpool

type rlimit = uint64
