// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include "telemetry/log_format.hpp"
#include "telemetry/log_pace.hpp"
#include "telemetry/log_queue.hpp"

#include <atomic>
#include <mutex>
#include <utility>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <unistd.h>

namespace telemetry {
namespace {

void write_to_stderr(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        // Nobody is left to be told.
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Hands the payload on as it is: lines are complete when they are queued.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit LineSink(std::function<void(std::string_view)> write) : write_{std::move(write)} {}

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        write_({message.payload.data(), message.payload.size()});
    }
    void flush_() override {}

    std::function<void(std::string_view)> write_;
};

class Queue {
  public:
    Queue(const LogOptions& options, LogEnds ends)
        : format_{options.format},
          now_{std::move(ends.now)},
          capacity_{ends.queue_lines},
          writer_{std::make_shared<spdlog::details::thread_pool>(ends.queue_lines, 1)},
          logger_{std::make_shared<spdlog::async_logger>(
              "topd", std::make_shared<LineSink>(std::move(ends.write)), writer_,
              spdlog::async_overflow_policy::overrun_oldest)} {}

    void put(Line line) {
        take_time(line);
        report_left_out(line, pace_.take_left_out(line.at));
        report_lost(line);
        post(line);
    }
    // Of what anybody outside can bring about.
    void put_paced(const Line& line) {
        Line now = line;
        take_time(now);
        // Before the next second begins.
        report_left_out(now, pace_.take_left_out(now.at));
        if (pace_.allows(now.at)) put(line);
    }
    // Nothing comes after `last`.
    void end(Line last) {
        take_time(last);
        report_left_out(last, pace_.take_all_left_out());
    }

    std::uint64_t lost() { return writer_->overrun_counter(); }

  private:
    void take_time(Line& line) const {
        if (now_) line.at = now_();
    }

    void post(const Line& line) {
        const std::string text = format_ == LogOptions::Format::json ? to_json(line) : to_text(line);
        logger_->log(spdlog::level::info, spdlog::string_view_t{text.data(), text.size()});
    }

    void report_left_out(const Line& cause, std::uint64_t lines) {
        if (lines == 0) return;
        const std::initializer_list<Field> fields = {Field{"count", lines}};
        post({Severity::info, cause.at, cause.process, __FILE__, __LINE__, "Left out lines about clients",
              fields});
    }

    // Once the writer has caught up: earlier, the report itself would push another line out.
    void report_lost(const Line& cause) {
        const std::uint64_t total = lost();
        const std::uint64_t before = reported_.load();
        if (total == before || writer_->queue_size() > capacity_ / 2) return;
        std::uint64_t expected = before;
        if (!reported_.compare_exchange_strong(expected, total)) return;
        const std::initializer_list<Field> fields = {Field{"lines", total - before}};
        post({Severity::warning, cause.at, cause.process, __FILE__, __LINE__,
              "Log lines were lost: queue full", fields});
    }

    const LogOptions::Format format_;
    const std::function<std::chrono::system_clock::time_point()> now_;
    const std::size_t capacity_;
    // Destroyed after logger_; its destructor writes what is queued and joins the thread.
    std::shared_ptr<spdlog::details::thread_pool> writer_;
    std::shared_ptr<spdlog::async_logger> logger_;
    std::atomic<std::uint64_t> reported_{0};
    LogPace pace_;
};

std::atomic<std::shared_ptr<Queue>> queue;
std::atomic<int> verbosity{0};
std::atomic<std::uint64_t> lost_earlier{0};

Line line_of(Severity severity, std::string_view message, std::initializer_list<Field> fields,
             const std::source_location& where) {
    return {severity, std::chrono::system_clock::now(), ::getpid(), where.file_name(), where.line(), message,
            fields};
}

void log(Severity severity, std::string_view message, std::initializer_list<Field> fields,
         const std::source_location& where) {
    const Line line = line_of(severity, message, fields, where);
    if (const auto to = queue.load())
        to->put(line);
    else
        write_to_stderr(to_text(line));
}

void log_paced(Severity severity, std::string_view message, std::initializer_list<Field> fields,
               const std::source_location& where) {
    const Line line = line_of(severity, message, fields, where);
    if (const auto to = queue.load())
        to->put_paced(line);
    else
        write_to_stderr(to_text(line));
}

}  // namespace

void init(const LogOptions& options) {
    init(options, {});
}

void init(const LogOptions& options, LogEnds ends) {
    if (!ends.write) ends.write = write_to_stderr;
    verbosity = options.verbosity;
    queue = std::make_shared<Queue>(options, std::move(ends));
}

void shutdown() {
    const auto last = queue.exchange(nullptr);
    if (!last) return;
    last->end(line_of(Severity::info, {}, {}, std::source_location::current()));
    lost_earlier += last->lost();
}

bool verbose(int level) {
    return level <= verbosity;
}

std::uint64_t dropped_lines() {
    const auto present = queue.load();
    return lost_earlier + (present ? present->lost() : 0);
}

void info(std::string_view message, std::initializer_list<Field> fields, std::source_location where) {
    log(Severity::info, message, fields, where);
}

void warning(std::string_view message, std::initializer_list<Field> fields, std::source_location where) {
    log(Severity::warning, message, fields, where);
}

void error(std::string_view message, std::initializer_list<Field> fields, std::source_location where) {
    log(Severity::error, message, fields, where);
}

void paced_info(std::string_view message, std::initializer_list<Field> fields, std::source_location where) {
    log_paced(Severity::info, message, fields, where);
}

void paced_error(std::string_view message, std::initializer_list<Field> fields, std::source_location where) {
    log_paced(Severity::error, message, fields, where);
}

}  // namespace telemetry
