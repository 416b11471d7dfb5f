// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
)

const (
	maxPicture = 4 << 20 // bytes of the file
	maxSide    = 4096    // dots, before the printer's own limits
	chunk      = 256     // bytes between two looks at whether to stop
	busyWithin = time.Minute
)

// logo keeps a picture in the printer's memory.
func logo(ctx context.Context, b *bench) error {
	picture, err := readPicture(b.file)
	if err != nil {
		return err
	}
	jobs, err := b.profile.StoreMark(picture)
	if err != nil {
		return fmt.Errorf("%s: %w", b.file, err)
	}
	total := 0
	for _, job := range jobs {
		total += len(job)
	}
	b.warn(total)
	if !b.yes && !b.agreed(ctx) {
		return errors.New("not written")
	}
	port, err := b.open(ctx)
	if err != nil {
		return err
	}
	err = b.store(ctx, talk{port: port, baud: b.line.Baud}, jobs, total)
	return errors.Join(err, port.Close())
}

// readPicture reads a PNG file of sensible size.
func readPicture(name string) (image.Image, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxPicture+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(data) > maxPicture {
		return nil, fmt.Errorf("%s: more than %d bytes: take a smaller picture", name, maxPicture)
	}
	size, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: want a PNG file", name, err)
	}
	if size.Width > maxSide || size.Height > maxSide {
		return nil, fmt.Errorf("%s: %d x %d dots: take a smaller picture", name, size.Width, size.Height)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return picture, nil
}

// warn says what writing costs.
func (b *bench) warn(total int) {
	took := ""
	if b.line.Baud > 0 {
		line := time.Duration(10*total) * time.Second / time.Duration(b.line.Baud)
		took = fmt.Sprintf(", which takes the line %s", line.Round(100*time.Millisecond))
	}
	fmt.Fprintf(b.out, "%d bytes go into the printer's memory%s. The memory wears out: makers allow about ten writings a day.\n", total, took)
	if b.line.FlowControl == serialport.FlowNone && b.profile.Buffer > 0 && total > b.profile.Buffer {
		fmt.Fprintf(b.out, "Without flow control the printer may lose bytes: its buffer has %d.\n", b.profile.Buffer)
	}
}

// agreed asks whether to go on.
func (b *bench) agreed(ctx context.Context) bool {
	fmt.Fprint(b.out, "Go on? [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(b.in).ReadString('\n') // no line is no yes
		answer <- line
	}()
	select {
	case line := <-answer:
		line = strings.ToLower(strings.TrimSpace(line))
		return line == "y" || line == "yes"
	case <-ctx.Done():
		fmt.Fprintln(b.out)
		return false
	}
}

// store writes the jobs, and waits after each until the printer has worked it off.
func (b *bench) store(ctx context.Context, t talk, jobs [][]byte, total int) error {
	if err := t.well(ctx, b.profile); err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	done := 0
	for _, job := range jobs {
		for len(job) > 0 {
			n := min(len(job), chunk)
			err := ctx.Err()
			if err == nil {
				err = t.write(job[:n], busyWithin)
			}
			if err != nil {
				return fmt.Errorf("after %d of %d bytes: %w: switch the printer off and on, it may wait for the rest", done, total, err)
			}
			job, done = job[n:], done+n
			fmt.Fprintf(b.out, "\r%d of %d bytes", done, total)
		}
		if err := t.workedOff(ctx, b.profile, busyWithin); err != nil {
			fmt.Fprintln(b.out)
			return err
		}
	}
	fmt.Fprintln(b.out)
	switch {
	case b.profile.Status == escpos.StatusNone:
		fmt.Fprintln(b.out, "Nothing comes back from this printer: print the test page to see whether it has the picture.")
	case b.profile.Logo == escpos.LogoCustom:
		fmt.Fprintln(b.out, "Stored. Switch the printer off and on: it prints the picture only after that.")
	default:
		fmt.Fprintln(b.out, "Stored. The test page shows it.")
	}
	return nil
}

// well asks whether the printer could print now.
func (t talk) well(ctx context.Context, p *escpos.Profile) error {
	if p.Status == escpos.StatusNone {
		return nil
	}
	status, heard, ok, err := t.condition(ctx, p)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("what answers is no printer of profile %s: it says %s", p.Name, quote(heard))
	}
	if fault := status.Stopping(); fault != nil {
		return fault
	}
	return nil
}

// workedOff waits until the printer has come to the end of what it was sent. One that writes its
// memory loses the questions that it gets meanwhile.
func (t talk) workedOff(ctx context.Context, p *escpos.Profile, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	var heard []byte
	for ctx.Err() == nil {
		more, err := t.hear(time.Second)
		if err != nil {
			return err
		}
		heard = append(heard, more...)
		if bytes.Contains(heard, []byte("PC0")) { // Custom's answer to FS 94h; PC1 is good
			return errors.New("the printer did not take the picture: make it smaller")
		}
		if p.Status == escpos.StatusNone {
			return nil
		}
		worked, err := t.answersInTurn(ctx, p)
		if err != nil || worked {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the printer does not answer for %s: switch it off and on, and look at the test page", limit)
		}
	}
	return ctx.Err()
}

// answersInTurn asks what the printer only comes to behind all that it was sent; where there is
// no such question, how it is.
func (t talk) answersInTurn(ctx context.Context, p *escpos.Profile) (bool, error) {
	if p.Ordered == nil {
		_, _, ok, err := t.condition(ctx, p)
		return ok, err
	}
	answer, err := t.ask(ctx, p.Ordered)
	if errors.Is(err, errHeld) {
		return false, nil
	}
	decoder := p.Decoder()
	for _, c := range answer {
		if reply, whole := decoder.Feed(c); whole {
			if _, ok := p.AnswerOrdered(reply); ok {
				return true, err
			}
		}
	}
	return false, err
}
