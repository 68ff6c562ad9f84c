package charts

import (
	"fmt"
	"strings"

	"amdahl/results/where"
	"amdahl/results/why"
	"amdahl/results/words"
)

const (
	flameLeast = 0.004 // of the width: narrower calls are left out
	flameDeep  = 32    // rows at most
)

// Flame makes the flame graph of a difference: what the calls of a benchmark cost more at
// its highest level than at one worker. A box is a function, as wide as its share of what is
// lost, below the one that called it, in the colour of the cause that has most of it; the
// innermost boxes are the causes. If nothing grew, the figure is [Figure.Empty].
//
// Source: B. Gregg, The Flame Graph, CACM 59(6), 2016, and his differential flame graphs.
func Flame(a *where.Answer) Figure {
	f := Figure{Title: "What costs more at " + words.Workers(a.N) + ", by call path", Subtitle: a.Series}
	if a.Diff == nil || !(a.Diff.Grown > 0) {
		return f
	}
	root := skipLaunchers(a.Diff)
	g := flame{all: root.Grown}
	for _, c := range root.Children {
		g.add(c, g.x, 0)
		g.x += c.Grown
	}
	depth := float64(g.deep + 1)
	g.p.X = Axis{Label: "share of what grew", Unit: "%", Scale: Linear, Max: 100, Ticks: linearTicks(0, 100)}
	g.p.Y = Axis{Label: "calls", Scale: Categories, Min: 0.5 - depth, Max: 0.5}
	f.Panels = []Panel{g.p}
	f.Height = 58 + 17*depth
	drawn := map[Fill]bool{}
	for _, b := range g.p.Boxes {
		drawn[b.Fill] = true
	}
	for _, c := range why.All {
		if drawn[fillOf(c)] {
			f.Legend = append(f.Legend, Entry{Text: c.Title, Fill: fillOf(c)})
		}
	}
	f.Caption = []string{fmt.Sprintf("All of the width is %s of worker time that a task costs more at %s than at one. Callers are above what they call; a colour is that of the cause which has most of a box.",
		words.EvenSeconds(root.Grown), words.Workers(a.N))}
	return f
}

// flame holds the figure while it is made.
type flame struct {
	p    Panel
	all  float64
	x    float64
	deep int
}

// add adds the box of a call at x, and those of what it calls below it.
func (g *flame) add(n *where.Node, x float64, depth int) {
	if n.Grown < flameLeast*g.all || depth == flameDeep {
		return
	}
	cause := n.Worst()
	if cause == nil {
		return
	}
	g.deep = max(g.deep, depth)
	y := -float64(depth)
	label := shortFunction(n.Function)
	if len(n.Children) == 0 {
		label = n.Function
	}
	from, to := 100*x/g.all, 100*(x+n.Grown)/g.all
	to -= min(0.15, (to-from)/10) // a gap to the next one, which may have the same colour
	g.p.Boxes = append(g.p.Boxes, Box{X0: from, X1: to, Y0: y - 0.47, Y1: y + 0.47, Fill: fillOf(cause), Label: label})
	for _, c := range n.Children {
		g.add(c, x, depth+1)
		x += c.Grown
	}
}

// skipLaunchers leaves out the outermost calls that all paths share and that only run
// benchmarks.
func skipLaunchers(n *where.Node) *where.Node {
	for len(n.Children) == 1 && len(n.Children[0].Children) > 0 && strings.HasPrefix(n.Children[0].Function, "testing.") {
		n = n.Children[0]
	}
	return n
}

// shortFunction is a function without the path of its package: "work.(*Pool).run".
func shortFunction(name string) string {
	return words.Clean(name[strings.LastIndexByte(name, '/')+1:])
}
