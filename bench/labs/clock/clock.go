// Package clock runs the tests of a lab on a virtual clock, and says in words why that clock
// stands still. It is copied into a student's module; tests use it, and
// students' files may not import it.
package clock

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// standsAfter is how long, in real time, the virtual clock may stand still.
const standsAfter = 2 * time.Second

// Record notes why a test failed, for a grader. It is nil in go test.
var Record func(cause, text string)

// Fail ends the test. The cause is one word for the grader.
func Fail(t *testing.T, cause, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	if Record != nil {
		Record(cause, text)
	}
	t.Fatal(text)
}

// Run runs a test on a virtual clock, and ends the program if that clock stands still.
// file is that of the student, such as pool.go.
func Run(t *testing.T, file string, test func(t *testing.T)) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		why := standing(file, ended)
		if why == "" {
			return
		}
		text := "The virtual clock stands still: " + why
		if Record != nil {
			Record("clock", text)
		}
		fmt.Fprintf(os.Stderr, "--- FAIL: %s\n    %s\n", t.Name(), text)
		os.Exit(1)
	}()
	defer close(ended)
	synctest.Test(t, func(t *testing.T) {
		// A goroutine that waits for ever would end the program with a panic. The
		// context of the test is cancelled before this runs.
		t.Cleanup(func() {
			if !t.Failed() {
				Left(t, file, "The test was over,")
			}
		})
		test(t)
	})
}

var beats atomic.Int64

// Beat says that a test goes on: tests call it whenever a task starts.
func Beat() { beats.Add(1) }

// standing waits until the test has ended, and returns "", or until the clock stands still,
// and returns why. On a busy machine a test may be slow without standing still: so
// nothing may have happened for standsAfter, and several looks must find the same cause.
// Without a cause it waits three times as long.
func standing(file string, ended <-chan struct{}) string {
	const looks, between = 5, 50 * time.Millisecond
	wait := func(d time.Duration) bool {
		select {
		case <-ended:
			return false
		case <-time.After(d):
			return true
		}
	}
	last := beats.Load()
	for unknown := 0; ; {
		if !wait(standsAfter) {
			return ""
		}
		why, cause := stands(Stacks(file))
		same := beats.Load() == last
		for range looks {
			if !wait(between) {
				return ""
			}
			_, again := stands(Stacks(file))
			same = same && again == cause && beats.Load() == last
		}
		last = beats.Load()
		if cause == "" {
			unknown++
		}
		if same && (cause != "" || unknown == 3) {
			return why
		}
	}
}

// A Stack is one goroutine as the runtime prints it.
type Stack struct {
	State string // such as "chan receive (durable)"
	Line  string // where in your file it is, "pool.go:12", or ""
	Here  bool   // it is on the virtual clock
}

// Stacks lists all goroutines, with their lines in the student's file.
func Stacks(file string) []Stack {
	buf := make([]byte, 1<<20)
	var list []Stack
	for text := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		head, frames, _ := strings.Cut(text, "\n")
		_, state, _ := strings.Cut(head, "[")
		s := Stack{Here: strings.Contains(head, "synctest bubble")}
		s.State, _, _ = strings.Cut(strings.TrimSuffix(state, "]:"), ", ")
		for line := range strings.SplitSeq(frames, "\n") {
			if _, place, ok := strings.Cut(line, "/"+file+":"); ok && s.Line == "" {
				number, _, _ := strings.Cut(place, " ")
				s.Line = file + ":" + number
			}
		}
		list = append(list, s)
	}
	return list
}

// stands says why the clock stands still, in a sentence and in one word; the word is "" where
// it is not known.
func stands(list []Stack) (why, cause string) {
	for _, s := range list {
		at := ""
		if s.Line != "" {
			at = " at " + s.Line
		}
		switch {
		case !s.Here || strings.Contains(s.State, "(durable)") || s.Line == "":
		case strings.HasPrefix(s.State, "run"):
			return "a goroutine" + at + " is busy all the time. Wait by channel, never in a loop.", "busy"
		case strings.HasPrefix(s.State, "sync.Mutex") || strings.HasPrefix(s.State, "sync.RWMutex"):
			return "a goroutine" + at + " waits for a mutex, and the one that holds it sleeps. Hold no mutex while a task runs.", "mutex"
		default:
			return "a goroutine" + at + " waits for something outside of the test (" + s.State + "), such as a channel in a package-level variable. Make channels, timers and wait groups inside the function.", "outside"
		}
	}
	return "some goroutine waits for something outside of the test, or never stops computing.", ""
}

// Left fails if goroutines of your file are still there. when begins the sentence.
func Left(t *testing.T, file, when string) {
	t.Helper()
	synctest.Wait()
	for _, s := range Stacks(file) {
		if s.Here && s.Line != "" {
			Fail(t, "left", "%s and a goroutine of yours was still there: %s, %s. Every goroutine must have ended before your function returns.", when, s.Line, strings.TrimSuffix(s.State, " (durable)"))
		}
	}
}
