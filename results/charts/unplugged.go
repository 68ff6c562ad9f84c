package charts

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"amdahl/results/save"
)

// A Sheet is an exercise without computers, on two pages of A4: students are the
// processors, sums on cards are the tasks, and a tenth of the cards must be done
// by one student while the others wait. Page 1 says how, and has a table and axes to fill
// in; page 2 is the cards, a set for each number of workers.
type Sheet struct {
	Serial, Cards int // of each set, how many are done by one student, and how many there are
	Sets          []CardSet
}

// A CardSet is the cards of one measurement.
type CardSet struct {
	Letter  string
	Workers int
	Cards   [][]int // numbers to add
}

// Total is the sum of all cards: a card that was lost, done twice or added wrongly
// shows in it.
func (s *CardSet) Total() int {
	sum := 0
	for _, card := range s.Cards {
		for _, v := range card {
			sum += v
		}
	}
	return sum
}

// sheetWorkers divide the parallel cards evenly, but for the last: five workers show
// imbalance.
var sheetWorkers = []int{1, 2, 3, 5}

const (
	sheetCards   = 20
	sheetSerial  = 2 // a tenth
	sheetNumbers = 6 // on a card: about ten seconds
)

// NewSheet draws the numbers of a sheet from a seed: the same seed gives the same sheet.
func NewSheet(seed uint64) Sheet {
	rng := rand.New(rand.NewPCG(seed, 1967)) // the year of Amdahl's talk
	s := Sheet{Serial: sheetSerial, Cards: sheetCards}
	for i, n := range sheetWorkers {
		set := CardSet{Letter: string(rune('A' + i)), Workers: n}
		for range sheetCards {
			var card []int
			for range sheetNumbers {
				card = append(card, 2+rng.IntN(8))
			}
			set.Cards = append(set.Cards, card)
		}
		s.Sets = append(s.Sets, set)
	}
	return s
}

// Steps are what to do, in order.
func (s Sheet) Steps() []string {
	return []string{
		fmt.Sprintf("Cut out the cards of page 2. Each set has %d. A card is done when its sum is written on it.", s.Cards),
		"Predict first: write into the table how long each set will take, as a share of set A.",
		fmt.Sprintf("The %d grey cards come first. One student does them, and all others wait: that is the serial part.", s.Serial),
		"Then all take white cards from one pile in the middle, one card at a time, until none is left.",
		"A stopwatch runs from the first grey card to the last white one. Set A is done by one student, set B by two, set C by three, set D by five.",
		"Add up all results of a set, and compare with the last column: a lost card, or a wrong sum, shows there.",
		"Work out the speedup, time of A over time of the set, and draw it into the axes below.",
	}
}

// Questions are to be discussed when the axes are full.
func (s Sheet) Questions() []string {
	return []string{
		"How fast could it be with the whole class? What would have to change to be faster than that?",
		"Set D: eighteen white cards for five students. Who waits at the end, and why does no grey card explain it?",
		"Once more with one pen for all: who writes a sum needs it. What does the pen do to the curve?",
	}
}

// A4, in points.
const (
	mm          = vg.Inch / 25.4
	sheetWidth  = 210 * mm
	sheetHeight = 297 * mm
	sheetEdge   = 13 * mm
)

// SaveSheet writes the sheet, for printing: a PDF has both pages, an SVG or PNG
// is two files, the second with "-cards" in its name. It returns their names.
func SaveSheet(path string, s Sheet) ([]string, error) {
	format, _ := FormatOf(path)
	if format == "pdf" {
		c := vgpdf.New(sheetWidth, sheetHeight)
		for i, page := range s.pages() {
			if i > 0 {
				c.NextPage()
			}
			page(draw.NewCanvas(outlines{themedOn(c, Print), false}, sheetWidth, sheetHeight))
		}
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("charts: %w", err)
		}
		return []string{path}, save.File(path, b.Bytes())
	}
	ext := filepath.Ext(path)
	files := []string{path, strings.TrimSuffix(path, ext) + "-cards" + ext}
	for i, page := range s.pages() {
		var b bytes.Buffer
		switch format {
		case "svg":
			c := vgsvg.New(sheetWidth, sheetHeight)
			page(draw.NewCanvas(themedOn(c, Print), sheetWidth, sheetHeight))
			var text bytes.Buffer
			if _, err := c.WriteTo(&text); err != nil {
				return nil, fmt.Errorf("charts: %w", err)
			}
			b.WriteString(fontStack.Replace(text.String()))
		case "png":
			c := vgimg.NewWith(vgimg.UseWH(sheetWidth, sheetHeight), vgimg.UseDPI(150), vgimg.UseBackgroundColor(Print.of(paper)))
			page(draw.NewCanvas(outlines{themedOn(c, Print), true}, sheetWidth, sheetHeight))
			if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
				return nil, fmt.Errorf("charts: %w", err)
			}
		default:
			return nil, fmt.Errorf("charts: a sheet is printed: write it as one of %s, not as %q", strings.Join(Formats, ", "), format)
		}
		if err := save.File(files[i], b.Bytes()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (s Sheet) pages() []func(c draw.Canvas) {
	return []func(draw.Canvas){s.instructions, s.cards}
}
