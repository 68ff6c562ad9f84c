package report

import "amdahl/results/charts"
import "amdahl/results/truth"

func TruthsFigure(r *truth.Report) charts.Figure { return charts.Figure{} }
