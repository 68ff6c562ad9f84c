package page

import (
	"math"
	"strconv"
)

// Data is what the script of a page reads, as JSON. Verdicts, sentences and pool
// sizes are not in it: they stand on the page, where Go has written them.
type Data struct {
	Confidence string         `json:"confidence"` // in percent
	Laws       map[string]Law `json:"laws"`
	Groups     []Group        `json:"groups"`
	Causes     []Cause        `json:"causes"` // in the order of stacks
}

// A Law is how a law and its parameters are called.
type Law struct {
	Title   string   `json:"title"`
	Formula string   `json:"formula"`
	Docs    []string `json:"docs"` // what each parameter means
}

// A Cause is one of those of lost time.
type Cause struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// A Group is the series of one figure.
type Group struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	X          string   `json:"x"`
	Per        string   `json:"per"` // what one time is the time of: "task", "operation"
	Weak       bool     `json:"weak"`
	Relative   bool     `json:"relative"` // times are 1/speedup
	Processors int      `json:"processors"`
	Rounds     []int    `json:"rounds"` // that count, ascending; a level without rounds of its own has one sample of each
	Series     []Series `json:"series"`
}

// A Series is one curve. One that is not sound has no levels here.
type Series struct {
	Name    string  `json:"name"`
	Color   string  `json:"color"`  // of a CSS variable
	Shape   string  `json:"shape"`  // of its marker: "circle", "square", "triangle", "diamond", "triangle-down", "cross"
	Source  string  `json:"source"` // of its times: "real", "slow", "emulated", "simulated", "model"
	Dash    string  `json:"dash"`   // of its law
	Sound   bool    `json:"sound"`
	Law     string  `json:"law"`               // the chosen one; "" if none
	Closest string  `json:"closest,omitempty"` // the law that misses by least, where none fits
	Levels  []Level `json:"levels"`
	Fits    []Fit   `json:"fits"`
	Lost    []Stack `json:"lost,omitempty"`

	Recorded []Recording `json:"rec,omitempty"` // ascending N
}

// A Recording is one operation as it was traced: who did what when.
type Recording struct {
	N       Number         `json:"n"`
	Time    Number         `json:"time"` // seconds
	Lanes   int            `json:"lanes"`
	Columns int            `json:"columns"` // of equal length, that every row has
	Rows    []RecordedRow  `json:"rows"`    // of the first lanes
	Shares  map[int]Number `json:"c"`       // of the time of the rows, by the index of the cause
}

// A RecordedRow is one lane. Runs are pairs: the index of a cause, or -1, and how many
// columns it holds on.
type RecordedRow struct {
	Name string `json:"name"`
	Runs []int  `json:"runs"`
}

// A Level is what was measured at one number of workers.
type Level struct {
	N       Number     `json:"n"`
	Tasks   Number     `json:"tasks"`
	Samples []Number   `json:"t"`           // seconds
	Rounds  []int      `json:"r,omitempty"` // of the samples; absent where they are those of the group, 0 if unknown
	Orders  []int      `json:"o,omitempty"` // of the samples in their rounds; absent if unknown
	Time    [3]Number  `json:"m"`           // median and interval
	Speedup *[3]Number `json:"s,omitempty"`
	Serial  *[3]Number `json:"e,omitempty"` // Karp and Flatt's fraction
	LeftOut []LeftOut  `json:"out,omitempty"`
}

// A LeftOut is a sample of a round that does not count.
type LeftOut struct {
	Time  Number `json:"t"`
	Round int    `json:"r"`
	Order int    `json:"o,omitempty"`
	Why   string `json:"why"`
}

// A Fit is a law with its parameters, in the order of the law.
type Fit struct {
	Law     string   `json:"law"`
	Closest string   `json:"closest,omitempty"` // the law that misses by least, where none fits
	T1      Number   `json:"t1"`
	Params  []Number `json:"p"`
}

// A Stack is where the worker time of one level went.
type Stack struct {
	N      Number         `json:"n"`
	Paid   Number         `json:"paid"` // seconds
	Shares map[int]Number `json:"c"`    // by the index of the cause
}

// A Number is written with ten significant digits, which keep a fit in the browser
// within 2e-8 of that in Go. One that is not finite is null: an end of an interval
// without a bound, or none.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return []byte(strconv.FormatFloat(v, 'g', 10, 64)), nil
}
