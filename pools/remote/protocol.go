package remote

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Version is the version of the protocol. Coordinator and node must have the
// same one.
const Version = 1

// Limits of messages, in bytes and counts. What is longer is cut where it is
// sent, and refused where it is received.
const (
	maxSpec     = 64 << 10 // of the spec of a job
	maxText     = 8 << 10  // of the text of an error
	maxStack    = 32 << 10 // of the stack of a panic
	maxMessage  = 256 << 10
	maxOrder    = 1 << 10 // of an order without its spec
	maxLines    = 64      // lines that describe a machine
	maxLine     = 256     // bytes of such a line, and of names
	maxNodes    = 4096    // of one hub
	maxHeld     = 4000    // ranges that a node can report as held: the longest such report fits into maxMessage
	maxCounters = 64
	maxUnit     = 32 // bytes of the unit of a counter
	// maxProbe is the longest message by which a link is measured.
	maxProbe = 1 << 20
)

// Limits says what the longest messages are, for documentation.
const Limits = "a message 256 KiB, a spec 64 KiB, an error 8 KiB, a stack 32 KiB, 4096 nodes"

// subjects are the NATS subjects of one coordinator in a session. Subjects below up are
// written by nodes and read by the coordinator; those below down and work the other way.
// All but those by which a node finds the coordinator have its own name in them: a node
// of a coordinator that died, and work that it left on a server, do not disturb the next
// one.
type subjects struct {
	session string
	hub     string // a random name of the coordinator
}

func (s subjects) up(what string) string {
	if what == "hello" || what == "who" { // a node does not know the coordinator yet
		return "amdahl." + s.session + ".up." + what
	}
	return "amdahl." + s.session + ".up." + s.hub + "." + what
}
func (s subjects) down(node int) string {
	return fmt.Sprintf("amdahl.%s.down.%s.%d", s.session, s.hub, node)
}
func (s subjects) work(pool int) string {
	return fmt.Sprintf("amdahl.%s.work.%s.%d", s.session, s.hub, pool)
}
func (s subjects) anyWork() string { return "amdahl." + s.session + ".work.>" }
func (s subjects) stream(pool int) string {
	return fmt.Sprintf("amdahl_%s_%s_%d", s.session, s.hub, pool)
}
func (s subjects) next(pool int) string {
	return "$JS.API.CONSUMER.MSG.NEXT." + s.stream(pool) + "." + consumerName
}
func (s subjects) everyNode() string       { return "amdahl." + s.session + ".down." + s.hub + ".all" }
func (s subjects) answers(pool int) string { return s.up(fmt.Sprintf("answer.%d", pool)) }

// validHub reports whether a name of a coordinator can be a part of a subject.
func validHub(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// consumerName is the name of the one consumer of a stream.
const consumerName = "workers"

// hello is what a node says of itself when it joins. The reply is a welcome.
type hello struct {
	Version   int
	Build     string   // see [Program.Build]
	Catalogue string   // see [Program.Catalogue]
	Host      string   // name of the machine
	System    string   // "linux/amd64"
	Pid       int      // in the operating system
	Procs     int      // processors that the process may use
	Machine   []string // configuration lines that describe the machine
	Token     string   // made up by the node: a hello that is sent again is not a second node
}

// welcome takes a node, or says why it is refused.
type welcome struct {
	Hub     string        // the name of the coordinator, see subjects
	Node    int           // the number of the node from now on, from 1
	Lease   time.Duration // see [Options.Lease]
	Refused string        // why; "" is taken
}

// order is what the coordinator tells a node. The reply is a report.
type order struct {
	Op       string // one of the op constants
	Pool     int
	Run      uint64
	Spec     string
	Queue    string
	Workers  int // how many of the pool's workers the node is
	Prefetch int
}

const (
	opOpen  = "open"  // make the tasks of Workers workers from Spec
	opClose = "close" // close them
	opStop  = "stop"  // cancel what runs of Run and of those before it, and reply when it has ended
	opRenew = "renew" // ask for work anew: the queue has lost what was asked for
	opUsage = "usage" // report counters
	opQuit  = "quit"  // leave
)

// probeByte begins a message that only measures the link: a node replies with this
// byte, if a reply is wanted, and does nothing else. All other messages are JSON.
const probeByte = 1

// report is the reply to an order.
type report struct {
	Err      string           // why it could not be done; "" is done
	CPU      int64            // CPU time of the node since the pool was opened, in ns
	Counters map[string]int64 // running totals of the tasks' counters, by unit
	Check    uint64           // the checksum of task 0, of an order to open
	Checked  bool             // Check is set
}

// work is one range of tasks on its way to a worker.
type work struct {
	Pool   int
	Run    uint64
	ID     int // number of the range in its run, from 0
	Lo, Hi int
}

// answer is what became of a range.
type answer struct {
	Node int
	Pool int
	Run  uint64
	ID   int
	Sum  uint64
	Busy int64 // time that the worker ran its tasks, in ns
	Idle int64 // time that the worker had waited for the range, in ns
	Wait int64 // time that the range had waited in the node for a worker, in ns
	At   int   // number of the worker in its node, from 0
	Fail *failure
}

// failure is how a task failed.
type failure struct {
	Task  int
	Kind  string // "error", "panic" or "goexit"
	Text  string // of the error, or the value of the panic
	Stack []byte
	Pid   int // of the node
}

// beat is the sign of life of a node, with the ranges that it holds.
type beat struct {
	Node    int
	Held    []held
	Pools   []int // that are open in the node
	Leaving bool  // it is the last sign of life
}

// held is a range that is with a node: it waits there or it runs.
type held struct {
	Pool int
	Run  uint64
	ID   int
}

// decode reads a message. It refuses what is longer than any message may be.
func decode[T any](data []byte) (m T, err error) {
	if len(data) > maxMessage {
		return m, fmt.Errorf("remote: a message of %d bytes: at most %d are read", len(data), maxMessage)
	}
	err = json.Unmarshal(data, &m)
	return m, err
}

// encode writes a message.
func encode(m any) []byte {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // all messages are plain data
	}
	return data
}

// printable is text of a node as it can be shown: at most maxLine bytes, and without
// characters that move the cursor of a terminal or break a line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, cut(text, maxLine))
}

// shown is longer text of another process, such as that of an error, as it can be shown:
// at most n bytes. It keeps the ends of lines and tabs, and has no other characters that
// act on a terminal.
func shown(text string, n int) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != '\n' && r != '\t' {
			return '?'
		}
		return r
	}, cut(text, n))
}

// validUnit reports whether a counter of a node can have this unit: small letters,
// digits and -, and not one that the testing package has itself.
func validUnit(unit string) bool {
	return unit != "" && len(unit) <= maxUnit && strings.Trim(unit, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		unit != "ns" && unit != "allocs"
}

// cut is text with at most n bytes.
func cut[T ~string | ~[]byte](text T, n int) T {
	if len(text) > n {
		return text[:n]
	}
	return text
}
