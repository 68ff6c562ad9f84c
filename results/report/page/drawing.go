package page

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

// Styles collects the styles of the drawings of one page. The policy of a page
// forbids style attributes, and the few kinds that drawings have are classes in far
// fewer bytes. The zero value is ready for use, by one goroutine.
type Styles struct {
	class map[string]string
	order []string
}

// of is the class of a style.
func (s *Styles) of(style string) string {
	if c, ok := s.class[style]; ok {
		return c
	}
	if s.class == nil {
		s.class = map[string]string{}
	}
	c := fmt.Sprintf("d%d", len(s.order))
	s.class[style] = c
	s.order = append(s.order, style)
	return c
}

// rules are the classes as CSS.
func (s *Styles) rules() string {
	var b strings.Builder
	for _, style := range s.order {
		fmt.Fprintf(&b, ".%s{%s}\n", s.class[style], style)
	}
	return b.String()
}

var (
	spaceInTag  = regexp.MustCompile(`\s*\n\s*`)
	styleOf     = regexp.MustCompile(` style="([^"]*)"`)
	sameFont    = regexp.MustCompile(`font-family:[^;]*;|font-variant:normal;|font-style:normal;|font-weight:normal;`)
	upright     = regexp.MustCompile(`(<text [^>]*?) transform="scale\(1, -1\)"`)
	twoPaths    = regexp.MustCompile(`^<path d="([^"]*)" class="([^"]*)"\s*/>$`)
	viewBox     = regexp.MustCompile(`viewBox="([^"]*)"`)
	spaceAround = regexp.MustCompile(`>\s*\n\s*<`)
)

// compact takes an SVG of package charts apart: its box, and its body with classes
// in place of styles, where paths of one class that follow one another are one.
func (s *Styles) compact(svg string) (box, body string) {
	_, svg, _ = strings.Cut(svg, "<svg ")
	head, body, _ := strings.Cut(svg, ">")
	if m := viewBox.FindStringSubmatch(head); m != nil {
		box = m[1]
	}
	body = strings.TrimSuffix(strings.TrimSpace(body), "</svg>")
	body = spaceAround.ReplaceAllString(body, ">\x00<")
	body = spaceInTag.ReplaceAllString(body, " ")
	body = upright.ReplaceAllString(body, "$1")
	body = styleOf.ReplaceAllStringFunc(body, func(attribute string) string {
		style := sameFont.ReplaceAllString(styleOf.FindStringSubmatch(attribute)[1], "")
		return ` class="` + s.of(style) + `"`
	})
	var out strings.Builder
	path, class := "", "" // not yet written
	flush := func() {
		if path != "" {
			fmt.Fprintf(&out, `<path d="%s" class="%s"/>`, path, class)
		}
		path = ""
	}
	for part := range strings.SplitSeq(body, "\x00") {
		if m := twoPaths.FindStringSubmatch(strings.TrimSpace(part)); m != nil {
			if m[2] != class {
				flush()
			}
			path, class = path+m[1], m[2]
			continue
		}
		flush()
		out.WriteString(strings.TrimSpace(part))
	}
	flush()
	return box, out.String()
}

// Drawing makes an SVG of package charts a drawing of a page, with a title and a
// description, under an id that is unique on the page.
func (s *Styles) Drawing(svg, id, title, description string) template.HTML {
	box, body := s.compact(svg)
	escape := template.HTMLEscapeString
	return template.HTML(fmt.Sprintf(`<svg class="drawing" viewBox="%s" role="img" aria-labelledby="%s-title %s-text"><title id="%s-title">%s</title><desc id="%s-text">%s</desc>%s</svg>`,
		box, id, id, id, escape(title), id, escape(description), body))
}

// Key makes an SVG of package charts the sample of an entry of a legend.
func (s *Styles) Key(svg string) template.HTML {
	box, body := s.compact(svg)
	return template.HTML(fmt.Sprintf(`<svg class="drawing key" viewBox="%s" aria-hidden="true">%s</svg>`, box, body))
}
