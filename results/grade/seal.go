package grade

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// An Entry is one link of the chain of predictions.
type Entry struct {
	Number   int    `json:"number"` // from 0
	ID       string `json:"id"`     // of the question; "start" for the first entry
	Question string `json:"question"`
	Answer   string `json:"answer"` // of the first entry: the student's id
	Time     string `json:"time"`   // RFC 3339, to the second
	Previous string `json:"previous"`
	Hash     string `json:"hash"` // SHA-256 over all that stands above, in hexadecimal
}

// startID is the id of the first entry, whose question is the name of the lab.
const startID = "start"

// A Chain is what a student predicted, in order. Each entry holds the hash of the one before,
// and the last hash gives the seeds of what is measured ([Chain.Seeds]). So an
// answer that is changed later breaks the chain, and a chain that is computed anew gives
// other work, which the run that was measured does not fit.
//
// What a chain cannot stop, without a server: to measure, delete all, predict
// with that knowledge and measure again; and times that are made up.
type Chain []Entry

// Start begins the chain of a student for a lab.
func Start(lab, student string, now time.Time) Chain {
	return Chain{}.add(startID, lab, student, now)
}

// Predict returns the chain with one more prediction. A later prediction for the same
// question replaces the earlier one, which stays in the chain.
func (c Chain) Predict(id, question, answer string, now time.Time) Chain {
	return c.add(id, question, answer, now)
}

func (c Chain) add(id, question, answer string, now time.Time) Chain {
	e := Entry{Number: len(c), ID: id, Question: question, Answer: answer, Time: now.UTC().Format(time.RFC3339)}
	if len(c) > 0 {
		e.Previous = c[len(c)-1].Hash
	}
	e.Hash = e.hash()
	return append(c[:len(c):len(c)], e)
}

// hash is what Hash must be.
func (e *Entry) hash() string {
	text, err := json.Marshal([]any{e.Number, e.ID, e.Question, e.Answer, e.Time, e.Previous})
	if err != nil {
		panic(err) // strings and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Check returns an error that says where the chain of a student for a lab is broken.
func (c Chain) Check(lab, student string) error {
	if len(c) == 0 {
		return fmt.Errorf("grade: the chain of predictions is empty: begin with amdahl lab start %s", lab)
	}
	previous := ""
	for i := range c {
		e := &c[i]
		switch {
		case e.Number != i || e.Previous != previous:
			return fmt.Errorf("grade: the chain of predictions is broken at entry %d (%s): an entry is missing, or was moved", i, e.ID)
		case e.Hash != e.hash():
			return fmt.Errorf("grade: the chain of predictions is broken at entry %d (%s): it was changed after it was sealed", i, e.ID)
		case i == 0 && (e.ID != startID || e.Question != lab || e.Answer != student):
			return fmt.Errorf("grade: the predictions are those of %s in the lab %s, and this is %s in the lab %s", e.Answer, e.Question, student, lab)
		}
		previous = e.Hash
	}
	return nil
}

// Answers returns the newest prediction for each question.
func (c Chain) Answers() map[string]string {
	m := map[string]string{}
	for _, e := range c {
		if e.ID != startID {
			m[e.ID] = e.Answer
		}
	}
	return m
}

// Seeds returns the seed of the work (the picture, the lengths of tasks) and that of the
// order in which it is measured, from the hash of the last entry. They are 0 for an
// empty or unreadable chain, and never otherwise.
func (c Chain) Seeds() (work, order uint64) {
	if len(c) == 0 {
		return 0, 0
	}
	sum, err := hex.DecodeString(c[len(c)-1].Hash)
	if err != nil || len(sum) != sha256.Size {
		return 0, 0
	}
	return binary.BigEndian.Uint64(sum)>>16 + 1, uint64(binary.BigEndian.Uint32(sum[8:])) + 1
}
