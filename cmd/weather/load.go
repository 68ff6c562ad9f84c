package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"amdahl/bench/load"
)

// mostLoad ends a load whatever happens to the program that started it.
const mostLoad = 20 * time.Minute

// makeLoad is a load until lifeline ends, which it does when the process that holds its
// other end is gone, and for at most mostLoad.
func makeLoad(kind, dir string, lifeline io.Reader) int {
	var over atomic.Bool
	work, ok := loads[kind]
	if !ok {
		fmt.Fprintf(os.Stderr, "weather: no load %q\n", kind)
		return usage
	}
	for _, w := range work {
		go w(&over, dir)
	}
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, lifeline)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(mostLoad):
	}
	over.Store(true)
	time.Sleep(50 * time.Millisecond) // a file that is being written is removed
	return done
}

// loads are what each kind does, in a thread for each.
var loads = map[string][]func(over *atomic.Bool, dir string){
	"loop":   {spin},
	"loops":  {spin, spin},
	"spells": {spells},
	"memory": {copyMemory},
	"disk":   {writeDisk},
}

func spin(over *atomic.Bool, _ string) {
	for x := uint64(1); !over.Load(); {
		x = load.Churn(x, 100_000)
		runtime.KeepAlive(x)
	}
}

func spells(over *atomic.Bool, _ string) {
	for !over.Load() {
		for begin := time.Now(); time.Since(begin) < time.Second && !over.Load(); {
			runtime.KeepAlive(load.Churn(1, 100_000))
		}
		time.Sleep(time.Second)
	}
}

func copyMemory(over *atomic.Bool, _ string) {
	from, to := make([]byte, 64<<20), make([]byte, 64<<20)
	for !over.Load() {
		copy(to, from)
	}
}

func writeDisk(over *atomic.Bool, dir string) {
	f, err := os.CreateTemp(dir, "weather-load-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, "weather:", err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := []byte(strings.Repeat("x", 1<<20))
	for !over.Load() {
		if _, err := f.WriteAt(block, 0); err != nil || f.Sync() != nil {
			return
		}
	}
}
