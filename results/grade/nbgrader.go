package grade

import (
	"fmt"
	"strconv"
)

// Nbgrader is for a Python cell of a notebook: the only line is the number of points,
// which the cell ends with as float(...). In a Bash cell the exit status gives all
// points or none: it is 0 for all of them.
var Nbgrader = Format{
	Name: "nbgrader",
	Doc:  "nbgrader: the points as one number; status 0 only with all points",
	Make: func(r *Result, o Options) (Output, error) {
		points, most := r.Score()
		out := Output{Main: []byte(strconv.Itoa(points) + "\n")}
		if r.State != Graded {
			return Output{Status: 3}, fmt.Errorf("not gradable: %s", oneLine(r.message()))
		}
		if points < most && o.FailUnder == 0 || r.Percent() < o.FailUnder {
			out.Status = 1
		}
		return out, nil
	},
}
