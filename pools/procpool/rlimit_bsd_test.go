//go:build freebsd || dragonfly

package procpool

type rlimit = int64
