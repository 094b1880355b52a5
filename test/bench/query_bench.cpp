// SPDX-License-Identifier: Apache-2.0
// What queries cost: query_bench [SERIES [SAMPLES]], by default 30,000 containers of 240 samples, an hour at
// a tick of 15 s, asked at a step of 60 s. The source makes its samples when they are asked for, which is
// timed by itself.
#include "query/evaluation.hpp"
#include "query/language/parser.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <time.h>

namespace {

constexpr query::Millis kTick = 15'000;
constexpr query::Millis kWorld = 1'800'000'000'000;
// Units of a step: see Evaluation::step().
constexpr std::size_t kBudget = 200'000;

double cpu_seconds() {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

std::size_t peak_kib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss);
}

class Containers : public query::SeriesSource {
  public:
    Containers(std::size_t series, std::size_t samples) : series_{series}, samples_{samples} {}

    std::unique_ptr<query::SeriesCursor> select(std::span<const query::Matcher> matchers,
                                                query::MillisRange range) const override {
        const std::string_view pod = query::equal_value(matchers, "pod");
        return std::make_unique<Cursor>(*this, range, pod);
    }
    query::Millis end() const { return kWorld + kTick * static_cast<query::Millis>(samples_ - 1); }

  private:
    class Cursor : public query::SeriesCursor {
      public:
        Cursor(const Containers& all, query::MillisRange range, std::string_view pod)
            : all_{all}, range_{range} {
            if (pod.empty()) return;
            // As an index would: the number of a pod is in its name.
            next_ = std::strtoul(std::string{pod.substr(pod.rfind('-') + 1)}.c_str(), nullptr, 10) - 100'000;
            past_ = std::min(next_ + 1, all_.series_);
        }
        query::Advance next() override {
            return next_ < std::min(past_, all_.series_) ? ++next_,
                   query::Advance::series                : query::Advance::end;
        }
        void labels(query::Labels& out) const override {
            const std::size_t at = next_ - 1;
            const std::string node = "node-" + std::to_string(at / 30) + ".internal";
            out.clear();
            out.append("__name__", "container_cpu_usage_seconds_total");
            out.append("container", "main");
            out.append("image", "-");
            out.append("instance", node);
            out.append("job", "topd");
            out.append("namespace", "team-" + std::to_string(at % 150));
            out.append("node", node);
            out.append("pod", "frontend-7d9c6b5f4-" + std::to_string(100'000 + at));
        }
        void samples(std::vector<query::Sample>& out) const override {
            out.clear();
            const double slope = 0.001 * static_cast<double>(next_ % 500);
            for (std::size_t i = 0; i < all_.samples_; ++i) {
                const query::Millis at = kWorld + kTick * static_cast<query::Millis>(i);
                if (at >= range_.from && at <= range_.to)
                    out.push_back({at, slope * static_cast<double>(i) * 15 + 100});
            }
        }

      private:
        const Containers& all_;
        query::MillisRange range_;
        std::size_t next_ = 0;
        std::size_t past_ = SIZE_MAX;
    };

    std::size_t series_;
    std::size_t samples_;
};

void walk(const Containers& source) {
    const double begin = cpu_seconds();
    const std::vector<query::Matcher> none;
    const auto cursor = source.select(none, {kWorld, source.end()});
    query::Labels labels;
    std::vector<query::Sample> samples;
    std::size_t count = 0;
    while (cursor->next() == query::Advance::series) {
        cursor->labels(labels);
        cursor->samples(samples);
        count += samples.size();
    }
    std::printf("%-72s %8.1f ms of CPU, %zu samples\n", "the source alone", (cpu_seconds() - begin) * 1e3,
                count);
}

void ask(const Containers& source, const char* text) {
    const double begin = cpu_seconds();
    auto expression = query::parse(text);
    if (!expression) return void(std::printf("%s: %s\n", text, expression.error().text.c_str()));
    query::EvaluationOptions options;
    auto made =
        query::Evaluation::make(std::move(*expression), source,
                                query::RangeQuery{source.end() - 3'600'000, source.end(), 60'000}, options);
    if (!made) return void(std::printf("%s: %s\n", text, made.error().text.c_str()));
    query::Evaluation& evaluation = **made;
    double longest = 0;
    std::size_t steps = 0;
    for (auto progress = query::Evaluation::Progress::more; progress == query::Evaluation::Progress::more;
         ++steps) {
        const double before = cpu_seconds();
        progress = evaluation.step(kBudget, query::Clock::now());
        longest = std::max(longest, cpu_seconds() - before);
        if (progress == query::Evaluation::Progress::failed)
            return void(std::printf("%-72s %s\n", text, evaluation.error().text.c_str()));
    }
    std::printf(
        "%-72s %8.1f ms of CPU in %zu steps, the longest %.1f ms; %zu series out, %.1f MiB held; peak %.1f "
        "MiB\n",
        text, (cpu_seconds() - begin) * 1e3, steps, longest * 1e3, evaluation.answer().rows.size(),
        static_cast<double>(evaluation.usage().most_held) / 1048576, static_cast<double>(peak_kib()) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t series = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 30'000;
    const std::size_t samples = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 240;
    const Containers source{series, samples};
    std::printf("%zu series of %zu samples; peak before: %.1f MiB\n", series, samples,
                static_cast<double>(peak_kib()) / 1024);
    walk(source);
    ask(source,
        "sum(rate(container_cpu_usage_seconds_total{pod='frontend-7d9c6b5f4-100017'}[1m])) by "
        "(pod,namespace)");
    ask(source, "sum(rate(container_cpu_usage_seconds_total[5m])) by (namespace)");
    ask(source, "sum(rate(container_cpu_usage_seconds_total{namespace=~'team-1.*'}[5m])) by (pod)");
    ask(source, "topk(10, sum(rate(container_cpu_usage_seconds_total[5m])) by (namespace))");
    ask(source, "container_cpu_usage_seconds_total");
    ask(source, "topk(10, rate(container_cpu_usage_seconds_total[5m]))");
    return 0;
}
