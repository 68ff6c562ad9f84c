// Package poolmodel is a test of package procpool: random sequences of
// operations on a pool of each transport, held against a simple model of what
// must be true of them. It is apart so that the library depends on nothing.
//
//	go test ./pools/poolmodel                 a few seconds, as part of all tests
//	make soak SOAK=15m                        15 minutes on each transport
//
// A sequence that fails is made shorter as long as it still fails, and printed
// as Go code.
package poolmodel
