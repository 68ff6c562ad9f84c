package charts

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"testing"
)

// A figure has the size that is asked for, to the pixel, with 1 to 20 series, and
// what it has no room for is said.
func TestSize(t *testing.T) {
	for _, series := range []int{1, 3, 9} {
		f := Scaling(many(series, "alg="), Options{})
		for _, size := range []struct{ w, h int }{{600, 400}, {1280, 720}, {500, 900}} {
			l := Layout{Width: float64(size.w) / 96, Height: float64(size.h) / 96, DPI: 96}
			var b bytes.Buffer
			if err := Draw(&b, f, "png", l); err != nil {
				t.Errorf("%d series, %v: %v", series, size, err)
				continue
			}
			img, err := png.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			if got := img.Bounds().Size(); got.X != size.w || got.Y != size.h {
				t.Errorf("%d series: got %v, want %v", series, got, size)
			}
			b.Reset()
			if err := Draw(&b, f, "svg", l); err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf(`<svg width="%gpt" height="%gpt"`, float64(size.w)*0.75, float64(size.h)*0.75); !bytes.Contains(b.Bytes(), []byte(want)) {
				t.Errorf("svg of %v does not begin with %s: %.200s", size, want, b.String())
			}
		}
	}
	f := Scaling(many(20, "alg="), Options{})
	small := (*SizeError)(nil)
	if err := Draw(&bytes.Buffer{}, f, "png", Layout{Width: 5, Height: 3}); !errors.As(err, &small) || small.Least <= 3 {
		t.Fatalf("20 series on 5 × 3 inches: %v, want a SizeError", err)
	}
	if err := Draw(&bytes.Buffer{}, f, "png", Layout{Width: 5, Height: small.Least * 1.001}); err != nil {
		t.Errorf("the least height, %g, does not do: %v", small.Least, err)
	}
	l := Layout{Width: 6.25, Height: 2.6}
	p := laidOut(t, Scaling(many(9, "alg="), Options{}), l)
	if len(p.dropped) == 0 || len(Dropped(p.f, l)) != len(p.dropped) || len(Dropped(p.f, Layout{})) != 0 {
		t.Errorf("dropped %q of a small figure, %q of a large one", p.dropped, Dropped(p.f, Layout{}))
	}
	// Letters twice as large are on a page half as wide.
	if w := laidOut(t, f, Layout{FontSize: 2 * usualFont}).width; w != 11*72/2 {
		t.Errorf("a page with letters twice as large is %g points wide, want %d", w, 11*72/2)
	}
}

// A theme changes colours and nothing else.
func TestThemes(t *testing.T) {
	f := Scaling(onCores(), Options{})
	plain := string(drawn(t, f, Layout{}, "svg", "png", "pdf")["svg"])
	for _, name := range Themes {
		theme, err := ParseTheme(name)
		if err != nil {
			t.Fatal(err)
		}
		svg := string(drawn(t, f, Layout{Theme: theme}, "svg", "png", "pdf")["svg"])
		for _, element := range []string{"<path", "<text"} {
			if got, want := strings.Count(svg, element), strings.Count(plain, element); got != want {
				t.Errorf("%s: %d times %s, on light paper %d", name, got, element, want)
			}
		}
		if !strings.Contains(svg, hex(theme.of(palette[1]))) {
			t.Errorf("%s: no blue of this theme in it", name)
		}
		if theme != Light && strings.Contains(svg, hex(palette[1].light)) {
			t.Errorf("%s: the blue of light paper is in it", name)
		}
	}
	if _, err := ParseTheme("neon"); err == nil || !strings.Contains(err.Error(), "use one of light, dark, print") {
		t.Errorf("got %v", err)
	}
}
