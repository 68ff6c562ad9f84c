package charts

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// A tenth of the cards is serial, the rest divides among the workers but for the last
// set, and the same seed gives the same sheet.
func TestSheet(t *testing.T) {
	s := NewSheet(1)
	if s.Serial*10 != s.Cards || len(s.Sets) != 4 {
		t.Errorf("%d of %d cards are serial, %d sets", s.Serial, s.Cards, len(s.Sets))
	}
	for i, set := range s.Sets {
		if even := (s.Cards-s.Serial)%set.Workers == 0; even != (i < len(s.Sets)-1) {
			t.Errorf("set %s: %d cards divide among %d workers: %v", set.Letter, s.Cards-s.Serial, set.Workers, even)
		}
		sum := 0
		for _, card := range set.Cards {
			for _, v := range card {
				if v < 2 || v > 9 {
					t.Errorf("a card has %d", v)
				}
				sum += v
			}
		}
		if set.Total() != sum || len(set.Cards) != s.Cards {
			t.Errorf("set %s: %d cards, total %d, want %d", set.Letter, len(set.Cards), set.Total(), sum)
		}
	}
	if !reflect.DeepEqual(s, NewSheet(1)) || reflect.DeepEqual(s, NewSheet(2)) {
		t.Error("the seed does not decide the sheet")
	}
}

// The pages are A4 in every format; each card is on page 2 once.
func TestSaveSheet(t *testing.T) {
	dir := t.TempDir()
	s := NewSheet(1)
	for format, pages := range map[string]int{"svg": 2, "png": 2, "pdf": 1} {
		files, err := SaveSheet(filepath.Join(dir, "sheet."+format), s)
		if err != nil || len(files) != pages {
			t.Fatalf("%s: %v, %v", format, files, err)
		}
		for i, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			switch format {
			case "svg":
				if !strings.Contains(string(text), `width="595.28pt" height="841.89pt"`) && !regexp.MustCompile(`width="595[.0-9]*pt"\s+height="841[.0-9]*pt"`).Match(text) {
					t.Errorf("%s is not A4: %.200s", f, text)
				}
				if i == 1 {
					for _, card := range []string{">A1<", ">A20<", ">D20<"} {
						if strings.Count(string(text), card) != 1 {
							t.Errorf("card %s is there %d times", card, strings.Count(string(text), card))
						}
					}
				}
			case "png":
				if c, err := png.DecodeConfig(bytes.NewReader(text)); err != nil || c.Width != 1240 || c.Height != 1754 {
					t.Errorf("%s: %+v, %v", f, c, err)
				}
			case "pdf":
				if n := bytes.Count(text, []byte("/Type /Page\n")); n != 2 || !bytes.HasPrefix(text, []byte("%PDF-")) {
					t.Errorf("%d pages", n)
				}
			}
		}
	}
	if _, err := SaveSheet(filepath.Join(dir, "sheet.json"), s); err == nil || !strings.Contains(err.Error(), "svg, png, pdf") {
		t.Errorf("got %v", err)
	}
}
