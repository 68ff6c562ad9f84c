package testing

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"time"
)

// whyProfilesIn is where profiles of the timed regions are written; "" writes none.
var whyProfilesIn = flag.String(whyProfilesFlag, "", "write CPU, mutex and block profiles of the timed regions into this `directory`")

// One of so many releases of a lock for which somebody waits is in the mutex profile, and
// waits of so many ns in the block profile, shorter ones by chance; the runtime scales what
// both say. The block profile reads a clock twice in every wait, which makes a channel a third
// slower: it is on for a twentieth of the time.
const (
	whyLockFraction = 200
	whyBlockRate    = 10_000
	whyBlockOn      = time.Millisecond
	whyBlockOff     = 19 * time.Millisecond
)

// A whyProfiles is the profiles of the timed region of one benchmark: that of the CPU, and
// what those of locks and of blocking held before and after it.
type whyProfiles struct {
	failed bool               // they cannot be taken, or the timer was stopped in between
	blocks chan struct{}      // closed to end the block profile
	on     chan time.Duration // then gets for how long it was on
	onFor  time.Duration
	cpu    bytes.Buffer
	sums   [2][2]bytes.Buffer // of whyCumulative, before and after
}

// whyCumulative are the profiles that the runtime adds up from its start on.
var whyCumulative = [2]string{"mutex", "block"}

var (
	whyWritten int          // how many benchmarks have their profiles in files
	whyTaking  *whyProfiles // whose CPU profile is being taken; nil if none is
)

// begin is called before the timer starts, for the stretch with a number from 1.
func (p *whyProfiles) begin(stretch int) {
	if *whyProfilesIn == "" {
		return
	}
	if other := whyTaking; other != nil { // a benchmark that has this one as a part
		other.stop()
		other.failed = true
	}
	if stretch > 1 {
		p.failed = true
		return
	}
	runtime.SetMutexProfileFraction(whyLockFraction)
	p.sum(0)
	p.cpu.Reset()
	if pprof.StartCPUProfile(&p.cpu) != nil {
		p.failed = true
		return
	}
	runtime.GC() // what all this has allocated is no garbage of the benchmark
	whyTaking = p
	p.blocks, p.on = make(chan struct{}), make(chan time.Duration)
	go whySwitchBlocks(p.blocks, p.on)
}

// whySwitchBlocks switches the block profile on and off until stop is closed.
func whySwitchBlocks(stop <-chan struct{}, on chan<- time.Duration) {
	sum := time.Duration(0)
	wait := func(d time.Duration) (ended bool) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-stop:
			return true
		case <-timer.C:
			return false
		}
	}
	for ended := false; !ended; ended = ended || wait(whyBlockOff) {
		runtime.SetBlockProfileRate(whyBlockRate)
		begin := time.Now()
		ended = wait(whyBlockOn)
		runtime.SetBlockProfileRate(0)
		sum += time.Since(begin)
	}
	on <- sum
}

// stop ends the CPU profile, if it is this one's. It reports whether it was.
func (p *whyProfiles) stop() bool {
	if whyTaking != p {
		return false
	}
	whyTaking = nil
	close(p.blocks)
	p.onFor = <-p.on
	pprof.StopCPUProfile()
	return true
}

// end is called after the timer stopped.
func (p *whyProfiles) end() {
	if p.stop() {
		p.sum(1)
	}
}

// leave is called at the end of a run. A benchmark that fails or is skipped does not stop its
// timer.
func (a *whyAccount) leave() {
	if a.profiles.stop() {
		a.profiles.failed = true
	}
}

// reset forgets what was taken.
func (p *whyProfiles) reset() {
	p.stop()
	p.cpu.Reset()
	p.failed = false
}

// sum keeps the profiles that the runtime adds up.
func (p *whyProfiles) sum(at int) {
	for i, name := range whyCumulative {
		b := &p.sums[i][at]
		b.Reset()
		if pprof.Lookup(name).WriteTo(b, 0) != nil {
			p.failed = true
		}
	}
}

// report writes the files of one benchmark. The text, which says for how long the block profile
// was on, and with the given words whose they all are, comes last: where it is there, all are.
func (p *whyProfiles) report(text string) {
	if *whyProfilesIn == "" || p.failed || p.cpu.Len() == 0 {
		return
	}
	whyWritten++
	write := func(what string, b []byte) {
		name := filepath.Join(*whyProfilesIn, strconv.Itoa(whyWritten)+"."+what)
		if os.WriteFile(name+"~", b, 0o600) != nil || os.Rename(name+"~", name) != nil { // whole, or not at all
			p.failed = true
		}
	}
	write("cpu", p.cpu.Bytes())
	for i, name := range whyCumulative {
		write(name+"0", p.sums[i][0].Bytes())
		write(name+"1", p.sums[i][1].Bytes())
	}
	if !p.failed {
		write("txt", []byte(strconv.FormatInt(p.onFor.Nanoseconds(), 10)+" "+text))
	}
	if p.failed {
		whyWritten-- // the next one takes its number
	}
}
