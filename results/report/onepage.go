package report

import (
	"io"

	"amdahl/results/laws"
)

// Page writes one self-contained page, as [Write] does, without files beside it. With
// [Options.Live] it follows the files that it was made of.
func Page(w io.Writer, as []*laws.Analysis, o Options) error {
	return writePage(w, as, drawings(as, o), o)
}
