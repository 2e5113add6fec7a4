# The front door. Each target is a line that forwards to Meson or to a script in tools/.
#
#   make run     install what is missing, build, start on SQLite with demo people, print the URLs
#   make test    install what is missing, build with gcc and clang, run every test
#
# Variables: DATA (data folder of make run), LISTEN (address), BUILD (build folder).

BUILD  ?= build
DATA   ?= ./data
LISTEN ?= 127.0.0.1:8080

.PHONY: run test deps build bench lint fmt install clean

run: build
	@tools/run.sh "$(BUILD)" "$(DATA)" "$(LISTEN)"

test: deps
	@tools/test.sh

deps:
	@tools/deps.sh packages.txt

build: deps
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) --buildtype=release --prefix=/usr >/dev/null
	@ninja -C $(BUILD) --quiet

bench: build
	@tools/bench.sh "$(BUILD)"

lint: build
	@tools/lint.sh "$(BUILD)"

fmt:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build
	@meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf $(BUILD) build-*
