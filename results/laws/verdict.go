package laws

// A Verdict says whether a law was chosen for a curve, and if not, why. The
// verdicts are words for programs.
type Verdict string

const (
	LawChosen    Verdict = "law"            // Chosen is the law
	TooFewLevels Verdict = "too-few-levels" // the levels carry no law that can be checked
)
