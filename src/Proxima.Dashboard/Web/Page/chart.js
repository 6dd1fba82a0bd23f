// One curve picture on a canvas: several runs over each other, smoothing, zoom by dragging, a cross-hair that all pictures share.
import { colourOf, format, smooth, store } from "./store.js";

const margin = { left: 46, right: 8, top: 8, bottom: 18 };

export class Chart {
  constructor(name, onZoom, onHover) {
    this.name = name;
    this.lines = [];
    this.hover = null;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", name);
    this.reading = document.createElement("span");
    const title = document.createElement("b");
    title.textContent = name;
    const caption = document.createElement("figcaption");
    caption.append(title, this.reading);
    this.figure = document.createElement("figure");
    this.figure.className = "chart";
    this.figure.append(caption, this.canvas);
    this.listen(onZoom, onHover);
  }

  // runs that have the metric, as { run, steps, values }
  show(lines) {
    this.lines = lines;
    this.isSmoothed = false;
    this.draw();
  }

  draw() {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (width === 0 || !this.visible) {
      return;
    }

    if (!this.isSmoothed) {
      this.lines = this.lines.map(line => ({ ...line, smoothed: smooth(line.values, store.smoothing) }));
      this.isSmoothed = true;
    }

    const scale = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }

    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.frame = this.frameOf(width, height);
    if (this.frame) {
      this.drawGrid(pen);
      for (const line of this.lines) {
        if (store.smoothing > 0) {
          this.drawLine(pen, line.steps, line.values, colourOf(line.run), .25);
        }

        this.drawLine(pen, line.steps, line.smoothed, colourOf(line.run), 1);
      }

      this.drawHover(pen);
    }

    this.tell();
  }

  frameOf(width, height) {
    let [first, last, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { steps } of this.lines) {
      first = Math.min(first, steps[0]);
      last = Math.max(last, steps[steps.length - 1]);
    }

    [first, last] = store.zoom ?? [first, last];
    for (const { steps, smoothed, values } of this.lines) {
      const shown = store.smoothing > 0 ? smoothed : values;
      for (let i = lowerBound(steps, first); i < steps.length && steps[i] <= last; i++) {
        if (Number.isFinite(shown[i])) {
          low = Math.min(low, shown[i]);
          high = Math.max(high, shown[i]);
        }
      }
    }

    if (!Number.isFinite(low)) {
      return null;
    }

    // A constant that smoothing has rounded here and there is a constant still; numbers come with six digits.
    const size = Math.max(Math.abs(low), Math.abs(high));
    const room = (high - low > 1e-6 * size ? high - low : size || 1) * .06;
    return {
      first, last: last > first ? last : first + 1, low: low - room, high: high + room,
      left: margin.left, top: margin.top, width: width - margin.left - margin.right, height: height - margin.top - margin.bottom,
    };
  }

  x = step => this.frame.left + (step - this.frame.first) / (this.frame.last - this.frame.first) * this.frame.width;
  y = value => this.frame.top + (this.frame.high - value) / (this.frame.high - this.frame.low) * this.frame.height;

  drawGrid(pen) {
    const style = getComputedStyle(document.documentElement);
    pen.strokeStyle = style.getPropertyValue("--grid");
    pen.fillStyle = style.getPropertyValue("--soft");
    pen.font = "11px system-ui, sans-serif";
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const tick of ticks(this.frame.low, this.frame.high, 4)) {
      const y = Math.round(this.y(tick)) + .5;
      pen.beginPath();
      pen.moveTo(this.frame.left, y);
      pen.lineTo(this.frame.left + this.frame.width, y);
      pen.stroke();
      pen.fillText(format(tick), this.frame.left - 5, y);
    }

    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const tick of ticks(this.frame.first, this.frame.last, 5).filter(Number.isInteger)) {
      const half = pen.measureText(String(tick)).width / 2;
      const x = Math.min(this.x(tick), this.frame.left + this.frame.width + margin.right - half);
      pen.fillText(String(tick), x, this.frame.top + this.frame.height + 4);
    }
  }

  // At most four points a column of pixels (first, least, greatest, last), however many steps there are.
  drawLine(pen, steps, values, colour, opacity) {
    const { first, last, left, width } = this.frame;
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, width, this.frame.top + this.frame.height + 1);
    pen.clip();
    pen.globalAlpha = opacity;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.6;
    pen.lineJoin = "round";
    pen.beginPath();
    let drawn = false;
    const start = Math.max(0, lowerBound(steps, first) - 1);
    const end = Math.min(steps.length - 1, lowerBound(steps, last) + 1);
    const few = end - start < 2 * width;
    for (let i = start; i <= end;) {
      const column = Math.floor(this.x(steps[i]));
      const kept = [];
      let [least, greatest, at] = [-1, -1, i];
      for (; at <= end && (few ? at === i : Math.floor(this.x(steps[at])) === column); at++) {
        if (Number.isFinite(values[at])) {
          least = least < 0 || values[at] < values[least] ? at : least;
          greatest = greatest < 0 || values[at] > values[greatest] ? at : greatest;
        }
      }

      if (least < 0) {
        drawn = false;
      } else {
        kept.push(i, Math.min(least, greatest), Math.max(least, greatest), at - 1);
        for (const k of kept.filter(k => Number.isFinite(values[k]))) {
          pen[drawn ? "lineTo" : "moveTo"](this.x(steps[k]), this.y(values[k]));
          drawn = true;
        }
      }

      i = at;
    }

    pen.stroke();
    if (end - start < 40) {
      pen.fillStyle = colour;
      for (let i = start; i <= end; i++) {
        if (Number.isFinite(values[i])) {
          pen.fillRect(this.x(steps[i]) - 1.5, this.y(values[i]) - 1.5, 3, 3);
        }
      }
    }

    pen.restore();
  }

  drawHover(pen) {
    const style = getComputedStyle(document.documentElement);
    if (this.drag) {
      pen.fillStyle = style.getPropertyValue("--accent");
      pen.globalAlpha = .15;
      pen.fillRect(Math.min(this.drag.from, this.drag.to), this.frame.top, Math.abs(this.drag.to - this.drag.from), this.frame.height);
      pen.globalAlpha = 1;
    }

    if (this.hover !== null && this.hover >= this.frame.first && this.hover <= this.frame.last) {
      pen.strokeStyle = style.getPropertyValue("--soft");
      pen.beginPath();
      pen.moveTo(this.x(this.hover), this.frame.top);
      pen.lineTo(this.x(this.hover), this.frame.top + this.frame.height);
      pen.stroke();
    }
  }

  // The numbers under the cross-hair, or the last ones; also what a screen reader says.
  tell() {
    const told = this.lines.map(({ steps, smoothed, values }) => {
      const i = this.hover === null ? steps.length - 1 : nearest(steps, this.hover);
      return { step: steps[i], number: format((store.smoothing > 0 ? smoothed : values)[i]) };
    });
    const steps = [...new Set(told.map(point => point.step))];
    this.reading.textContent = told.map(point => point.number).join(" · ") + (steps.length === 1 ? ` @ ${steps[0]}` : "");
    this.canvas.setAttribute("aria-label", `${this.name}: ${this.reading.textContent}`);
  }

  listen(onZoom, onHover) {
    const stepAt = x => this.frame.first + (x - this.frame.left) / this.frame.width * (this.frame.last - this.frame.first);
    this.canvas.addEventListener("pointermove", event => {
      if (this.frame) {
        if (this.drag) {
          this.drag.to = event.offsetX;
        }

        onHover(Math.round(stepAt(event.offsetX)));
      }
    });
    this.canvas.addEventListener("pointerleave", () => onHover(null));
    this.canvas.addEventListener("pointerdown", event => {
      if (this.frame && event.pointerType === "mouse") {
        this.drag = { from: event.offsetX, to: event.offsetX };
        this.canvas.setPointerCapture(event.pointerId);
      }
    });
    this.canvas.addEventListener("pointerup", () => {
      const drag = this.drag;
      this.drag = null;
      if (drag && Math.abs(drag.to - drag.from) > 6) {
        const [first, last] = [stepAt(drag.from), stepAt(drag.to)].sort((a, b) => a - b);
        onZoom([Math.max(0, Math.floor(first)), Math.ceil(last)]);
      }
    });
    this.canvas.addEventListener("dblclick", () => onZoom(null));
  }
}

export function lowerBound(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }

  return low;
}

function nearest(sorted, value) {
  const i = lowerBound(sorted, value);
  return i === sorted.length || (i > 0 && value - sorted[i - 1] <= sorted[i] - value) ? i - 1 : i;
}

function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough);
  const found = [];
  for (let tick = Math.ceil(low / size); tick * size <= high; tick++) {
    found.push(Number((tick * size).toPrecision(12)));
  }

  return found;
}
