package report

import (
	"cmp"
	"fmt"
	"strconv"

	"amdahl/results/laws"
	"amdahl/results/truth"
	"amdahl/results/words"
)

// schedules prints how much of the workers' time each schedule used, beside what the
// simulator used of it.
func (p *printer) schedules(r *truth.Report) {
	if len(r.Efficiencies) == 0 {
		return
	}
	if len(r.Findings)+len(r.Agreements) > 0 {
		p.line("")
	}
	rows := [][]string{{"schedule", "lengths", "cores", "workers", "busy", "simulated", "apart", "verdict"}}
	for _, e := range r.Efficiencies {
		rows = append(rows, []string{
			string(e.Schedule), cmp.Or(words.Clean(e.Skew), "equal"), words.Clean(e.Curve.Name.Cores()), strconv.Itoa(e.N), busyShare(e.Measured).String(),
			busyShare(laws.Estimate{Value: e.Simulated}).Value, fmt.Sprintf("%+.1f points", 100*(e.Measured.Value-e.Simulated)), string(e.Verdict),
		})
	}
	p.table(rows)
	p.line("")
	p.hanging("", fmt.Sprintf("Busy is the speedup over the number of workers. It holds if it is within %g points of the simulation of the same tasks under the same schedule, whose random numbers are those of the measured rounds.", 100*truth.Points))
}

// chips prints the speedup of each chip beside that of Hill and Marty's formula.
func (p *printer) chips(r *truth.Report) {
	if len(r.Chips) == 0 {
		return
	}
	if len(r.Findings)+len(r.Agreements)+len(r.Efficiencies) > 0 {
		p.line("")
	}
	rows := [][]string{{"chip", "r", "f", "speedup", "formula", "apart", "verdict"}}
	for _, c := range r.Chips {
		rows = append(rows, []string{
			c.Design.Name, strconv.Itoa(c.R), words.Number(c.F), speedup(&c.Measured), fmt.Sprintf("%.3f", c.Predicted),
			fmt.Sprintf("%+.1f %%", 100*(c.Measured.Value/c.Predicted-1)), string(c.Verdict),
		})
	}
	p.table(rows)
	p.line("")
	p.hanging("", fmt.Sprintf("The speedup of a chip of 16 base cores, r of them in a large core, is over one base core, for work whose parallel fraction is f. It holds if it is within %g %% of Hill and Marty's formula.", 100*truth.Tolerance))
}

// counted prints how many of n verdicts there are of each kind; nothing if n is 0.
func (p *printer) counted(n int, one, many string, verdict func(i int) truth.Verdict) {
	if n == 0 {
		return
	}
	count := map[truth.Verdict]int{}
	for i := range n {
		count[verdict(i)]++
	}
	what := many
	if n == 1 {
		what = one
	}
	p.line(p.style(bold, fmt.Sprintf("%d %s: %d hold, %d too noisy to tell, %d wrong.", n, what, count[truth.Holds], count[truth.Noisy], count[truth.Wrong])))
}

// busyShare prints a share of the workers' time in per cent.
func busyShare(e laws.Estimate) cell {
	c := newCell(e, func(v float64) string { return fmt.Sprintf("%.1f", 100*v) })
	c.Value += " %"
	return c
}

type (
	jsonSchedule struct {
		Series    string        `json:"series"`
		Schedule  string        `json:"schedule"`
		Skew      string        `json:"skew"` // "" is equal lengths
		N         int           `json:"n"`
		Measured  jsonEstimate  `json:"measured"` // speedup over workers
		Simulated *float64      `json:"simulated"`
		Verdict   truth.Verdict `json:"verdict"`
	}
	jsonChip struct {
		Series    string        `json:"series"`
		Design    string        `json:"design"`
		R         int           `json:"r"`
		F         float64       `json:"f"`
		Measured  jsonEstimate  `json:"measured"` // speedup over one base core
		Predicted *float64      `json:"predicted"`
		Verdict   truth.Verdict `json:"verdict"`
	}
)

func newSchedule(e truth.Efficiency) jsonSchedule {
	return jsonSchedule{
		Series: e.Curve.Name.String(), Schedule: string(e.Schedule), Skew: e.Skew, N: e.N,
		Measured: newEstimate(e.Measured), Simulated: number(e.Simulated), Verdict: e.Verdict,
	}
}

func newChip(c truth.Chip) jsonChip {
	return jsonChip{
		Series: c.Curve.Name.String(), Design: c.Design.Name, R: c.R, F: c.F,
		Measured: newEstimate(c.Measured), Predicted: number(c.Predicted), Verdict: c.Verdict,
	}
}
