package charts

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	xfont "golang.org/x/image/font"

	"amdahl/results/words"
)

// ruled is a line of the sheet.
func ruled(c draw.Canvas, style draw.LineStyle, points ...vg.Point) { c.StrokeLines(style, points) }

var (
	sheetLine  = draw.LineStyle{Color: palette[0].light, Width: vg.Points(0.8)}
	sheetFaint = draw.LineStyle{Color: grid.light, Width: vg.Points(0.6)}
	sheetCut   = draw.LineStyle{Color: faint.light, Width: vg.Points(0.6), Dashes: []vg.Length{vg.Points(3), vg.Points(3)}}
	sheetTitle = letters(20, xfont.WeightBold, palette[0].light, draw.YTop)
	sheetBody  = letters(10.5, xfont.WeightNormal, palette[0].light, draw.YTop)
	sheetSmall = letters(9, xfont.WeightNormal, muted.light, draw.YTop)
	sheetHead  = letters(10, xfont.WeightBold, palette[0].light, draw.YTop)
	sheetSum   = centred(letters(10.5, xfont.WeightNormal, palette[0].light, draw.YTop))
)

// instructions draws page 1.
func (s Sheet) instructions(c draw.Canvas) {
	x, y := vg.Length(sheetEdge), sheetHeight-sheetEdge
	inner := sheetWidth - 2*sheetEdge
	c.FillText(sheetTitle, vg.Point{X: x, Y: y}, "You are the processors")
	y -= 9 * mm
	c.FillText(sheetSmall, vg.Point{X: x, Y: y}, "Amdahl's law without a computer. Five students, a stopwatch, page 2 with the cards, scissors. About 30 minutes.")
	y -= 8 * mm
	y = numbered(c, s.Steps(), x, y, inner)
	y = s.table(c, x, y-2*mm, inner)
	y = axes(c, x, y-6*mm, inner, 125*mm)
	c.FillText(sheetHead, vg.Point{X: x, Y: y - 4*mm}, "To discuss")
	numbered(c, s.Questions(), x, y-9.5*mm, inner)
}

// numbered draws a list and returns where it ends.
func numbered(c draw.Canvas, list []string, x, y, width vg.Length) vg.Length {
	const indent, row = 6 * mm, 4.7 * mm
	for i, text := range list {
		c.FillText(sheetBody, vg.Point{X: x, Y: y}, fmt.Sprintf("%d.", i+1))
		for _, line := range wrap(sheetBody, text, width-indent) {
			c.FillText(sheetBody, vg.Point{X: x + indent, Y: y}, line)
			y -= row
		}
		y -= 0.8 * mm
	}
	return y
}

// table draws the table to fill in and returns where it ends.
func (s Sheet) table(c draw.Canvas, x, y, width vg.Length) vg.Length {
	heads := []string{"set", "workers", "predicted, share of A", "seconds", "speedup", "σ + (1 − σ)/n, σ = 0.1", "all sums together"}
	shares := []float64{0.06, 0.1, 0.2, 0.13, 0.12, 0.21, 0.18}
	const row = 8 * mm
	column := func(i int) vg.Length {
		at := x
		for _, w := range shares[:i] {
			at += vg.Length(w) * width
		}
		return at
	}
	for i, h := range heads {
		c.FillText(sheetSmall, vg.Point{X: column(i) + 1.2*mm, Y: y - 2.2*mm}, h)
	}
	bottom := y - vg.Length(len(s.Sets)+1)*row
	for i := range s.Sets {
		at := y - vg.Length(i+1)*row
		c.FillText(sheetHead, vg.Point{X: column(0) + 1.2*mm, Y: at - 2*mm}, s.Sets[i].Letter)
		c.FillText(sheetBody, vg.Point{X: column(1) + 1.2*mm, Y: at - 2*mm}, fmt.Sprint(s.Sets[i].Workers))
		c.FillText(sheetBody, vg.Point{X: column(6) + 1.2*mm, Y: at - 2*mm}, fmt.Sprint(s.Sets[i].Total()))
	}
	for i := range len(s.Sets) + 2 {
		at := y - vg.Length(i)*row
		ruled(c, sheetLine, vg.Point{X: x, Y: at}, vg.Point{X: x + width, Y: at})
	}
	for i := range len(heads) + 1 {
		at := min(column(i), x+width)
		ruled(c, sheetLine, vg.Point{X: at, Y: y}, vg.Point{X: at, Y: bottom})
	}
	return bottom
}

// axes draws empty axes, workers against speedup from 1 to 6, with the line of as many
// times as workers, and returns where they end.
func axes(c draw.Canvas, x, y, width, height vg.Length) vg.Length {
	const most, left, below = 6, 14 * mm, 10 * mm
	right, top, bottom := x+width, y, y-height+below
	px := func(v float64) vg.Length { return x + left + vg.Length((v-1)/(most-1))*(right-x-left) }
	py := func(v float64) vg.Length { return bottom + vg.Length((v-1)/(most-1))*(top-bottom) }
	tick := centred(sheetSmall)
	side := sheetSmall
	side.XAlign, side.YAlign = draw.XRight, draw.YCenter
	for v := 1.0; v <= most; v += 0.5 {
		style := sheetFaint
		if v == 1 {
			style = sheetLine
		}
		ruled(c, style, vg.Point{X: px(1), Y: py(v)}, vg.Point{X: px(most), Y: py(v)})
		ruled(c, style, vg.Point{X: px(v), Y: py(1)}, vg.Point{X: px(v), Y: py(most)})
		if v == float64(int(v)) {
			c.FillText(tick, vg.Point{X: px(v), Y: py(1) - 1.5*mm}, words.Number(v))
			c.FillText(side, vg.Point{X: px(1) - 1.5*mm, Y: py(v)}, words.Number(v))
		}
	}
	ruled(c, sheetCut, vg.Point{X: px(1), Y: py(1)}, vg.Point{X: px(most), Y: py(most)})
	c.FillText(tick, vg.Point{X: px((1 + most) / 2.0), Y: py(1) - 5.5*mm}, "workers")
	up := sheetSmall
	up.Rotation, up.XAlign, up.YAlign = 1.5707963267948966, draw.XCenter, draw.YTop
	c.FillText(up, vg.Point{X: x + 1*mm, Y: (top + bottom) / 2}, "times faster than set A")
	return y - height
}

// cards draws page 2: two columns of sets side by side would be hard to cut, so the
// sets follow one another, eight cards a row, and lines run across the whole page.
func (s Sheet) cards(c draw.Canvas) {
	const columns = 8
	inner := sheetWidth - 2*sheetEdge
	total := len(s.Sets) * s.Cards
	rows := (total + columns - 1) / columns
	w, h := inner/columns, (sheetHeight-2*sheetEdge)/vg.Length(rows)
	place := func(k int) (x, y vg.Length) {
		return sheetEdge + vg.Length(k%columns)*w, sheetHeight - sheetEdge - vg.Length(k/columns)*h
	}
	for i := range s.Sets {
		for j, card := range s.Sets[i].Cards {
			x, y := place(i*s.Cards + j)
			if j < s.Serial {
				c.SetColor(grid.light)
				c.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y - h}, Max: vg.Point{X: x + w, Y: y}}.Path())
			}
			c.FillText(sheetHead, vg.Point{X: x + 1.8*mm, Y: y - 1.8*mm}, fmt.Sprintf("%s%d", s.Sets[i].Letter, j+1))
			c.FillText(sheetSum, vg.Point{X: x + w/2, Y: y - 8*mm}, plus(card[:3])+" +")
			c.FillText(sheetSum, vg.Point{X: x + w/2, Y: y - 12.6*mm}, plus(card[3:]))
			ruled(c, sheetLine, vg.Point{X: x + w/2 - 5*mm, Y: y - h + 4*mm}, vg.Point{X: x + w/2 + 6*mm, Y: y - h + 4*mm})
			c.FillText(sheetSum, vg.Point{X: x + w/2 - 7.6*mm, Y: y - h + 7.6*mm}, "=")
		}
	}
	for i := range columns + 1 {
		x := sheetEdge + vg.Length(i)*w
		ruled(c, sheetCut, vg.Point{X: x, Y: sheetEdge}, vg.Point{X: x, Y: sheetHeight - sheetEdge})
	}
	for i := range rows + 1 {
		y := sheetEdge + vg.Length(i)*h
		ruled(c, sheetCut, vg.Point{X: sheetEdge, Y: y}, vg.Point{X: sheetWidth - sheetEdge, Y: y})
	}
}

// plus writes numbers as a sum.
func plus(list []int) string {
	var texts []string
	for _, v := range list {
		texts = append(texts, fmt.Sprint(v))
	}
	return strings.Join(texts, " + ")
}
