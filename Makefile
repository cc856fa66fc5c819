# The list of commands a person types. `make` alone prints it.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SHELL := /bin/bash
STAMP := node_modules/.weir-setup
BUNDLE := dist/main.mjs
SOURCES := $(shell find schemas topology processors edge-agent console -name '*.ts' ! -name '*.test.ts')
SECONDS ?= 60
DEMO ?= demo

.PHONY: help setup check test test-unit test-scenarios test-kafka test-kafka-full test-chaos kafka kafka-stop fmt docs schemas golden fuzz bench bench-kafka demo clean

help: ## Prints this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(BUNDLE) ## Installs Node 24 and the packages into node_modules, and makes the bundle; nothing global.

$(BUNDLE): $(STAMP) $(SOURCES)
	node console/bundle.ts

$(STAMP): package.json package-lock.json $(wildcard */package.json)
	npm ci
	@touch $(STAMP)

check: setup ## Format, lint, types, and the repository's own rules.
	biome check .
	tsc --noEmit
	node schemas/generate.ts --check
	./console/weir config-schema --check schemas/json/config.schema.json
	node tests/repo/docs.ts --check

test: setup check test-unit test-scenarios test-kafka ## Everything: check, unit tests, scenarios, Kafka.

UNIT := schemas topology processors edge-agent console tests/generate tests/repo tests/bench tests/fuzz tests/captures
UNIT_TESTS := $(foreach folder,$(UNIT),'$(folder)/**/*.test.ts')
test-unit: setup
	node --test --test-isolation=none $(UNIT_TESTS)

test-scenarios: setup
	node --test 'tests/scenarios/*.test.ts'

kafka: setup ## A real Kafka broker and a schema registry on loopback. Prints shell lines to evaluate.
	@node tests/kafka/broker/main.ts start --registry

kafka-stop: setup ## Stops both; their data stay in .cache.
	@node tests/kafka/broker/main.ts stop

test-kafka: setup ## Tests against a real broker, which it starts; WEIR_SKIP_KAFKA=1 leaves them out.
	@if [ -n "$$WEIR_SKIP_KAFKA" ]; then echo 'WEIR_SKIP_KAFKA is set: nothing was tested against Kafka.'; exit; fi; \
	set -e; broker="$$(node tests/kafka/broker/main.ts start --registry)"; eval "$$broker"; \
	node --test --test-concurrency=1 'tests/kafka/**/*.test.ts'

test-chaos: setup ## Kills, freezes and robs processors and their broker 28 times, and one of three brokers; WEIR_CHAOS_SEED repeats a run.
	@set -e; broker="$$(node tests/kafka/broker/main.ts start)"; eval "$$broker"; \
	WEIR_CHAOS=long node --test --test-concurrency=1 tests/kafka/chaos.test.ts tests/kafka/leader-moved.test.ts

test-kafka-full: setup ## Every scenario and capture over the broker, in 1 and 8 partitions and 1 and 3 processes: an hour.
	@set -e; broker="$$(node tests/kafka/broker/main.ts start)"; eval "$$broker"; \
	WEIR_KAFKA_FULL=1 node --test --test-concurrency=1 tests/kafka/detection.test.ts tests/kafka/captures.test.ts

fmt: setup ## Rewrites formatting.
	biome check --write .

docs: setup ## Rewrites the generated tables of the READMEs.
	node tests/repo/docs.ts

schemas: setup ## Rewrites the types generated from schemas/avro.
	node schemas/generate.ts
	./console/weir config-schema > schemas/json/config.schema.json.new && mv schemas/json/config.schema.json.new schemas/json/config.schema.json

golden: setup ## Rewrites the golden files; git shows which changed.
	node --test --test-update-snapshots 'tests/scenarios/*.test.ts'
	git status --short -- tests/scenarios

fuzz: setup ## Random input for SECONDS (60) against every parser and codec; prints its seed.
	node tests/fuzz/fuzz.ts --seconds $(SECONDS)

bench: setup ## Throughput, CPU and memory beside the bare ceiling of Node, as ratios.
	node tests/bench/bench.ts
	node tests/bench/bench-intel.ts

bench-kafka: setup ## The runtime on Kafka beside Kafka Streams on the same jobs, where WEIR_YARDSTICK has them, as ratios.
	node tests/bench/kafka/bench-kafka.ts

demo: setup ## An hour of generated office traffic with an intrusion inside, told by three sensors, analysed.
	rm -rf $(DEMO) && node tests/generate/main.ts --scenario attack-hour --out $(DEMO)/logs --sensor all
	@printf '\n== The hour as Zeek tells it\n\n'
	./console/weir analyze $(DEMO)/logs/zeek --out $(DEMO)/out
	@printf '\n== As Argus tells it, which sees flows alone\n\n'
	./console/weir analyze $(DEMO)/logs/argus --out $(DEMO)/out-argus --min-level high
	@printf '\n== As Suricata tells it\n\n'
	./console/weir analyze $(DEMO)/logs/suricata --out $(DEMO)/out-suricata --min-level high

clean: ## Removes what setup, demo and tests have made.
	rm -rf node_modules dist dist.tmp-* $(DEMO) out
