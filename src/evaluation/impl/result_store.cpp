#include "mj/evaluation/result_store.hpp"

#include "mj/runtime/log.hpp"
#include "result_schema.hpp"

namespace mj::evaluation {
namespace {

constexpr const char* kResultsFile = "evaluation.duckdb";
constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
constexpr std::array<std::string_view, 3> kRunKinds{"full", "range", "new_values"};
constexpr std::array<std::string_view, 4> kRunStates{"running", "done", "cancelled", "failed"};
constexpr const char* kRunColumns =
    "SELECT id, element, kind, from_ms, to_ms, state, started_ms, ended_ms, done, total, results, position, "
    "standards, roster, text FROM run";

std::int64_t ms_or_none(const std::optional<Instant>& at) { return at ? at->ms() : kNoTime; }

std::optional<Instant> instant_or_none(const duck::Rows& rows, std::size_t column) {
  if (rows.is_null(column)) return std::nullopt;
  return Instant::from_ms(rows.get<std::int64_t>(column));
}

Run run_from(const duck::Rows& rows) {
  Run run;
  run.id = rows.get<std::uint32_t>(0);
  run.element = rows.text(1);
  run.kind = static_cast<RunKind>(rows.get<std::uint8_t>(2));
  run.from = instant_or_none(rows, 3);
  run.to = instant_or_none(rows, 4);
  run.state = static_cast<RunState>(rows.get<std::uint8_t>(5));
  run.started_at = Instant::from_ms(rows.get<std::int64_t>(6));
  run.ended_at = instant_or_none(rows, 7);
  run.done = rows.get<std::uint64_t>(8);
  run.total = rows.get<std::uint64_t>(9);
  run.rows = rows.get<std::uint64_t>(10);
  run.position = rows.get<std::uint64_t>(11);
  run.standards = rows.text(12);
  run.roster = rows.text(13);
  run.text = rows.text(14);
  if (run.ended_at && *run.ended_at > run.started_at)
    run.rate = static_cast<double>(run.done) * 1000 / static_cast<double>(run.ended_at->ms_since(run.started_at));
  return run;
}

}  // namespace

std::string_view name(RunKind kind) { return kRunKinds[static_cast<std::size_t>(kind)]; }
std::string_view name(RunState state) { return kRunStates[static_cast<std::size_t>(state)]; }

Status insert_run(duck::Connection& connection, const Run& run) {
  MJ_TRY(duck::Rows done,
         connection.query(
             fmt::format(
                 "INSERT INTO run VALUES ({}, $1, {}, NULLIF($2, {}), NULLIF($3, {}), {}, {}, NULLIF($4, {}), "
                 "{}, {}, {}, {}, $5, $6, $7)",
                 run.id, static_cast<int>(run.kind), "-9223372036854775808", "-9223372036854775808",
                 static_cast<int>(run.state), run.started_at.ms(), "-9223372036854775808", run.done, run.total,
                 run.rows, run.position),
             {duck::Param(std::string_view(run.element)), duck::Param(ms_or_none(run.from)),
              duck::Param(ms_or_none(run.to)), duck::Param(ms_or_none(run.ended_at)),
              duck::Param(std::string_view(run.standards)), duck::Param(std::string_view(run.roster)),
              duck::Param(std::string_view(run.text))}));
  return {};
}

Status ResultStore::Impl::open(const ResultStoreOptions& options) {
  MJ_TRY(database, duck::Database::open(file, options.memory_bytes, options.threads));
  MJ_TRY(writer, duck::Connection::open(database));
  MJ_CHECK(create_result_schema(*writer));
  MJ_CHECK(words.load(*writer));
  MJ_TRY(duck::Rows last, writer->query("SELECT coalesce(max(id), 0)::UINTEGER FROM run"));
  if (last.next()) last_run = last.get<std::uint32_t>(0);
  return {};
}

ResultStore::ResultStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResultStore::~ResultStore() = default;

Result<std::unique_ptr<ResultStore>> ResultStore::open(const std::filesystem::path& directory,
                                                       ResultStoreOptions options) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure)
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  for (int attempt = 0;; ++attempt) {
    auto impl = std::make_unique<Impl>();
    impl->file = directory / kResultsFile;
    const Status opened = impl->open(options);
    if (opened) return std::unique_ptr<ResultStore>(new ResultStore(std::move(impl)));
    // Another process, a full disk: deleting what is there would not help.
    const std::string& text = opened.error().text();
    const bool unusable = opened.error().code() == ErrorCode::damaged ||
                          text.find("not a valid DuckDB") != text.npos || text.find("erializ") != text.npos ||
                          text.find("orrupt") != text.npos;
    if (attempt > 0 || !unusable) return opened.error();
    runtime::log(runtime::Level::warning, "evaluation", "{}: {}; everything is evaluated again",
                 impl->file.string(), text);
    impl.reset();
    MJ_CHECK(remove_results(directory));
  }
}

Status ResultStore::record(const Run& run) {
  // On a connection of its own: the writer's may be in the middle of a session.
  return impl_->with_reader([&](duck::Connection& connection) { return insert_run(connection, run); });
}

std::uint32_t ResultStore::next_run() const { return ++impl_->last_run; }

Result<std::vector<Run>> ResultStore::runs(std::size_t limit) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<Run>> {
    std::vector<Run> runs;
    MJ_TRY(duck::Rows rows, connection.query(fmt::format("{} ORDER BY id DESC LIMIT {}", kRunColumns, limit)));
    while (rows.next()) runs.push_back(run_from(rows));
    return runs;
  });
}

Result<std::optional<Run>> ResultStore::run(std::uint32_t id) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::optional<Run>> {
    MJ_TRY(duck::Rows rows, connection.query(fmt::format("{} WHERE id = {}", kRunColumns, id)));
    if (!rows.next()) return std::optional<Run>();
    return std::optional(run_from(rows));
  });
}

Result<std::optional<ElementState>> ResultStore::state(std::string_view element) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::optional<ElementState>> {
    MJ_TRY(duck::Rows rows,
           connection.query("SELECT position, standards, roster FROM element_state WHERE element = $1",
                            {duck::Param(element)}));
    if (!rows.next()) return std::optional<ElementState>();
    return std::optional(
        ElementState{rows.get<std::uint64_t>(0), std::string(rows.text(1)), std::string(rows.text(2))});
  });
}

Result<std::vector<PointMark>> ResultStore::marks(std::string_view element) const {
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::vector<PointMark>> {
    std::vector<PointMark> marks;
    MJ_TRY(duck::Rows rows,
           connection.query("SELECT point, digest, belongs FROM point_mark WHERE element = $1 ORDER BY point",
                            {duck::Param(element)}));
    while (rows.next()) {
      PointMark mark{std::string(rows.text(0)), std::string(rows.text(1)), {}};
      std::string_view rest = rows.text(2);
      while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::size_t blank = line.find(' ');
        const auto level = parse_level(line.substr(0, blank));
        if (level && blank != line.npos) mark.groups.emplace_back(*level, line.substr(blank + 1));
      }
      marks.push_back(std::move(mark));
    }
    return marks;
  });
}

Result<std::optional<Level>> ResultStore::level_of(std::string_view element, std::string_view subject) const {
  const auto of = impl_->words.find_text(element);
  const auto id = impl_->words.find_text(subject);
  if (!of || !id) return std::optional<Level>();
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::optional<Level>> {
    MJ_TRY(duck::Rows rows, connection.query(fmt::format(
                                "SELECT min(level) FROM result WHERE element = {} AND subject = {}", *of, *id)));
    if (!rows.next() || rows.is_null(0)) return std::optional<Level>();
    return std::optional(static_cast<Level>(rows.get<std::uint8_t>(0)));
  });
}

Status remove_results(const std::filesystem::path& directory) {
  for (const char* suffix : {"", ".wal"}) {
    std::error_code failure;
    std::filesystem::remove(directory / (std::string(kResultsFile) + suffix), failure);
    if (failure)
      return Error(ErrorCode::unavailable,
                   fmt::format("cannot delete {}: {}", (directory / kResultsFile).string(), failure.message()));
  }
  return {};
}

}  // namespace mj::evaluation
