package grade

// JSON is for programs.
var JSON = Format{
	Name: "json",
	Doc:  "for programs: the whole result, with the notes for the lecturer; version 1",
	Make: func(r *Result, o Options) (Output, error) {
		points, most := r.Score()
		j := jsonResult{Version: 1, State: r.State, Lab: r.Lab, Title: clean(r.Title), Student: clean(r.Student), Message: r.message(), Points: points, Max: most, Questions: []jsonQuestion{}, Notes: []string{}}
		for _, q := range r.Questions {
			j.Questions = append(j.Questions, jsonQuestion{q.ID, clean(q.Name), q.Points, q.Max, q.Passed, q.Unknown, q.Hidden, clean(q.Text), clean(q.File), q.Line})
		}
		for _, n := range r.Notes {
			j.Notes = append(j.Notes, clean(n))
		}
		if r.Figure != nil {
			j.Figure = string(r.Figure.SVG())
		}
		main, err := encode(j)
		return Output{Main: main, Status: status(r, o.FailUnder)}, err
	},
}

type jsonResult struct {
	Version   int            `json:"version"`
	State     State          `json:"state"`
	Lab       string         `json:"lab"`
	Title     string         `json:"title"`
	Student   string         `json:"student"`
	Message   string         `json:"message"`
	Points    int            `json:"points"`
	Max       int            `json:"max"`
	Questions []jsonQuestion `json:"questions"`
	Notes     []string       `json:"notes"`
	Figure    string         `json:"figure,omitempty"` // SVG
}

type jsonQuestion struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Points  int    `json:"points"`
	Max     int    `json:"max"`
	Passed  bool   `json:"passed"`
	Unknown bool   `json:"unknown"`
	Hidden  bool   `json:"hidden"`
	Text    string `json:"text"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}
