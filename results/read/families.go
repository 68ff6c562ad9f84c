package read

import (
	"fmt"
	"strconv"
	"strings"
)

// A family is the records whose names have one shape: they differ in numbers,
// and in GOMAXPROCS.
type family struct {
	members []*member
	numbers int    // in each name
	x       string // the axis that the driver says; "" if it says none
}

// A member is a record whose level is being looked for.
type member struct {
	*record
	text    string // without the -N suffix
	procs   int
	numbers []number
}

// families sorts records with names by the shapes of these. axis is the x axis that
// the user named, "" if none.
func families(records []*record, axis string) []*family {
	bases := basesOf(records)
	type shape struct {
		pkg, text, x string
		kind         labelKind
	}
	byShape := map[shape]*family{}
	var all []*family
	for _, r := range records {
		m := &member{record: r, text: r.text, procs: 1}
		if base, procs := suffix(r.text); r.kind == goName && procs > 0 && (r.block.said() == GOMAXPROCS || !bases[pkgName{r.pkg, r.text}]) {
			m.text, m.procs = base, procs
		}
		m.numbers = numbersIn(m.text, r.kind, axis)
		key := shape{r.pkg, shapeOf(m.text, m.numbers), r.block.said(), r.kind}
		f := byShape[key]
		if f == nil {
			f = &family{numbers: len(m.numbers), x: r.block.said()}
			byShape[key] = f
			all = append(all, f)
		}
		f.members = append(f.members, m)
	}
	return all
}

// basesOf finds the names that stand with a further -N suffix as well: X-4
// beside X-4-8 is a name that ran at one processor.
func basesOf(records []*record) map[pkgName]bool {
	bases := map[pkgName]bool{}
	for _, r := range records {
		if base, procs := suffix(r.text); procs > 0 && r.kind == goName {
			bases[pkgName{r.pkg, base}] = true
		}
	}
	return bases
}

// suffix splits the -N suffix off a name; procs is 0 if there is none.
func suffix(name string) (base string, procs int) {
	at := len(name)
	for at > 0 && isDigit(name[at-1]) {
		at--
	}
	if at < 2 || at == len(name) || name[at-1] != '-' {
		return name, 0
	}
	v, err := strconv.Atoi(name[at:])
	if err != nil || v < 1 {
		return name, 0
	}
	return name[:at-1], v
}

// badSuffix is the error for a suffix that is no GOMAXPROCS, nil if it is one.
func badSuffix(name string) error {
	at := strings.LastIndexByte(name, '-')
	if at <= 0 || at == len(name)-1 || strings.Trim(name[at+1:], "0123456789") != "" {
		return nil
	}
	if _, procs := suffix(name); procs == 0 {
		return fmt.Errorf("GOMAXPROCS suffix %s is not a number of processors: it starts at 1", name[at:])
	}
	return nil
}
