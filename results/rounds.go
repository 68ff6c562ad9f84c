package results

import "strconv"

// A Reason says why a round was left out of a curve.
type Reason string

const (
	OtherPrograms Reason = "other programs"    // they had the processors
	QuotaUsedUp   Reason = "quota"             // a control group stopped the program
	HostStole     Reason = "host"              // the hypervisor let others run
	NoProcessor   Reason = "no processor free" // and it is not known why
	SlowerCores   Reason = "slower processors" // for their frequency, their heat or the sibling of a core
)

// Enough is the fewest sound rounds that a law is fitted to where others were left
// out: two do not show their spread.
const Enough = 3

// LeftOut are rounds of one file that were left out of a curve for one reason.
type LeftOut struct {
	File   string
	Rounds []int // ascending
	Why    Reason
}

// Rounds says what became of the rounds of a curve. The zero value is that of a
// curve whose rounds are not known.
type Rounds struct {
	Total, Kept int
	LeftOut     []LeftOut
}

// TooFew reports whether too few sound rounds are left to fit anything to: nothing
// in the curve may then be taken for sound.
func (r Rounds) TooFew() bool { return len(r.LeftOut) > 0 && r.Kept < Enough }

// A Canary is a moment in which threads were kept busy to see what they were
// given.
type Canary struct {
	File    string
	Round   int     // that was under way or had just ended
	Time    float64 // seconds for a fixed piece of work
	CPU     float64 // of it, seconds in which the thread ran; 0 if unknown
	Threads int     // busy at once; 0 if unknown
}

// Given is how many processors the threads were given; ok is false where that is
// unknown.
func (c Canary) Given() (n float64, ok bool) {
	if c.CPU <= 0 || c.Time <= 0 || c.Threads < 1 {
		return 0, false
	}
	return min(c.CPU/c.Time, 1) * float64(c.Threads), true
}

// GivenShare is the least share of the processors asked for that leaves a
// measurement sound.
const GivenShare = 0.90

// A Gave is what the processors gave while a curve was measured.
type Gave struct {
	Threads            int // that asked for them
	First, Last, Least float64
}

// Busy reports whether somebody else had a part of the processors.
func (g *Gave) Busy() bool { return g.Least < GivenShare*float64(g.Threads) }

// Processors writes a number of processors that were given: "1.2".
func (g *Gave) Processors(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// A Run is one call of a driver of rounds, as its file says. "" is not said.
type Run struct {
	File    string
	Plan    string // as JSON
	X       string // the x axis
	Command string // the command line, without secrets
	Date    string // of its begin, RFC 3339
	Grade   string // of the environment at the begin
	Judged  string // by what rounds are judged

	Baseline string // the revision that others are compared with
	Gave     *Gave  // nil if unknown
}
