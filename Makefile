# Everything a person does with this repository. `make help` lists it.
KAREZ = deploy/local/karez.py
.DEFAULT_GOAL := help
.PHONY: help up down status stop start logs reset fleet verify deps build servers migrate \
        test test-citus test-k8s conformance fuzz roundtrip bench-protocols fmt lint

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## install what is missing, build, start everything, fill with demo data
	@$(KAREZ) up

down: ## drain and stop everything; data stays
	@$(KAREZ) down

status: ## every process with pid, ports, health, uptime and memory
	@$(KAREZ) status

stop: ## stop one service or server: make stop s=redis
	@$(KAREZ) stop $(call need,s)

start: ## start it again: make start s=redis
	@$(KAREZ) start $(call need,s)

logs: ## follow the log of one process: make logs s=billing n=100
	@$(KAREZ) logs $(call need,s) --lines $(or $(n),50)

reset: ## wipe data, logs and secrets, after asking (yes=1 does not ask)
	@$(KAREZ) reset $(if $(yes),--yes)

fleet: ## play the meter fleet against what is running: make fleet a="--days 3"
	@$(KAREZ) fleet -- $(a)

verify: ## prove the invariants from the databases of what is running
	@$(KAREZ) verify -- $(a)

deps: ## install what is missing: apt, Maven, PyPI, npm, all by name and version
	@$(KAREZ) deps

build: ## build the services and their tests: make build t=karez-billing
	@$(KAREZ) build $(t)

servers: ## start PostgreSQL, Redis and Kafka only, with roles and topics
	@$(KAREZ) servers

migrate: ## bring the schemas of what is running up to date
	@$(KAREZ) migrate

test: ## everything CI runs; one part of it: make test l=unit
	@tests/run $(if $(l),--label $(l))

test-citus: ## migrations and one paid bill on Citus (KAREZ_CITUS_ARCHIVE names the extension)
	@tests/run --label citus

test-k8s: ## the Kubernetes manifests on a real control plane (builds it once: minutes)
	@tests/k8s/run

conformance: ## every protocol against its independent peers, many cases: make conformance p=coap
	@$(KAREZ) build frame-decode line-encode lorawan-encode coap-encode
	@for run in tests/conformance/$(or $(p),*)/run; do echo "$$run"; $$run || exit 1; done

fuzz: ## every fuzz target on n inputs (10 million) under ASan and UBSan: make fuzz n=100000
	@$(KAREZ) build --preset sanitize
	@tests/fuzz/run --inputs $(or $(n),10000000) $(t)

roundtrip: ## what every codec writes is read again, n random cases (a million): make roundtrip n=5000
	@$(KAREZ) build $(addprefix protocols_,$(addsuffix _test,$(round_trips)))
	@for t in $(round_trips); do KAREZ_TEST_ROUNDS=$(or $(n),1000000) \
	  build/default/libs/protocols/protocols_$${t}_test --gtest_filter='*ComesBack*:*ComeBack*' \
	  || exit 1; done

bench-protocols: ## what decoding a frame costs: ns, allocations, instructions
	@$(KAREZ) build decode-bench
	@libs/protocols/bench/run build/default/libs/protocols/decode-bench

fmt: ## format all C++ files
	@git ls-files '*.h' '*.cpp' '*.cc' | xargs -r clang-format-14 -i

lint: ## clang-tidy over the files that differ from main's last commit: make lint f=path.cpp
	@clang-tidy-14 -p build/default --quiet $(or $(f),$(shell git diff --name-only HEAD -- '*.cpp'))

round_trips = bus coap codec lines lorawan
need = $(if $($(1)),$($(1)),$(error say which: make $@ $(1)=NAME, `make status` lists the names))
