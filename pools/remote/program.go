package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"amdahl/pools"
)

// A Program is what coordinator and node have in common because they are the
// same program. Both give the same Program to [NewHub] and to [Join].
type Program struct {
	// Build identifies the sources. "" stands for [Build].
	Build string
	// Catalogue identifies what specs can name: a hash of the names and defaults of all
	// workloads, for example.
	Catalogue string

	// Open makes the tasks of one worker from a spec. It returns an error for a
	// spec that is not of the catalogue. It is called once for each worker.
	Open func(ctx context.Context, spec string) (pools.Task, error)
	// Check computes the checksum of task 0 of a spec. The coordinator compares
	// that of each node with its own. nil checks nothing.
	Check func(ctx context.Context, spec string) (uint64, error)
	// Machine describes this machine as configuration lines, "key: value". May be nil.
	Machine func() []string
	// CPU is the CPU time that this process has used, in ns. nil reports none.
	CPU func() int64
}

// Sources is the hash of the sources of the program. It is set when the program
// is built:
//
//	go build -ldflags "-X amdahl/pools/remote.Sources=HASH"
//
// Programs of different systems that were built of the same sources then accept
// one another. Without it only copies of the same executable do.
var Sources string

// Build identifies the sources of this program: [Sources] or, if that was not
// set, a hash of the executable file.
func Build() string {
	if Sources != "" {
		return "sources " + Sources
	}
	return executable()
}

// executable is a hash of the file of this program.
var executable = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown executable: " + err.Error()
	}
	f, err := os.Open(path)
	if err != nil {
		return "unknown executable: " + err.Error()
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unknown executable: " + err.Error()
	}
	return "executable " + hex.EncodeToString(h.Sum(nil)[:10])
})

func (p Program) build() string {
	if p.Build != "" {
		return p.Build
	}
	return Build()
}

func (p Program) hello(token string) hello {
	h := hello{
		Version: Version, Build: p.build(), Catalogue: p.Catalogue,
		System: runtime.GOOS + "/" + runtime.GOARCH, Pid: os.Getpid(), Procs: runtime.GOMAXPROCS(0), Token: token,
	}
	h.Host, _ = os.Hostname()
	if p.Machine != nil {
		for i, line := range p.Machine() {
			if i < maxLines {
				h.Machine = append(h.Machine, cut(line, maxLine))
			}
		}
	}
	return h
}

// refuses says why the coordinator does not take a node, "" if it does.
func (p Program) refuses(h hello) string {
	switch {
	case h.Version != Version:
		return fmt.Sprintf("the coordinator has protocol version %d and the node %d: use the same build on both", Version, h.Version)
	case h.Build != p.build():
		return fmt.Sprintf("the coordinator is %q and the node %q: build both from the same sources, or copy the executable", p.build(), cut(h.Build, maxLine))
	case h.Catalogue != p.Catalogue:
		return fmt.Sprintf("the coordinator has catalogue %q and the node %q: build both from the same sources", p.Catalogue, cut(h.Catalogue, maxLine))
	}
	return ""
}
