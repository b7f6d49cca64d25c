// How long the import of a year's plan takes, and what a snapshot of a whole province's points costs.

#include <benchmark/benchmark.h>

#include <stdlib.h>

#include <filesystem>

#include "mj/registry/record_table.hpp"

namespace mj::registry {
namespace {

struct Scene {
  Scene() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-book-bench-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
    log = evidence::Log::open(path / "evidence", evidence::LogOptions{}).value();
    book = Book::open(path / "records", schema).value();
  }
  ~Scene() {
    book.reset();
    log.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  ImportReport import(std::string table) {
    RecordImport wanted;
    wanted.kind = "point";
    wanted.bytes = std::move(table);
    wanted.effective = parse_day("2026-01-01").value();
    wanted.author = {"bench", "bench"};
    wanted.approval = Approval{"bench", "bench", {}};
    wanted.dry_run = false;
    return import_records(*book, *log, wanted, parse_iso("2026-01-01 08:00").value()).value();
  }

  std::filesystem::path path;
  RegisterSchema schema = RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Book> book;
};

/// Points with an id and twenty attributes each.
std::string table_of(std::size_t points) {
  std::string table =
      "id,name,name_en,element,sort,method,control_level,lon,lat,approximate,address,built,reporters,factors,"
      "units,frequency,"
      "air_class,vendor,logger,standard,note\n";
  for (std::size_t i = 0; i < points; ++i) {
    table += fmt::format(
        "p-{0},点{0},Point {0},air,assessment,automatic,municipal,{1:.4f},{2:.4f},false,地址{0},built,MN{0},"
        "\"a34004,a34002,a21026\",a34004=µg/m³,hourly,2,厂商,L{0},GB 3095-2012,备注{0}\n",
        i, 105.0 + static_cast<double>(i % 500) * 0.01, 28.5 + static_cast<double>(i / 500) * 0.05);
  }
  return table;
}

void import_points(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const std::string table = table_of(points);
  for (auto each : state) {
    state.PauseTiming();
    Scene scene;
    state.ResumeTiming();
    const ImportReport report = scene.import(table);
    if (report.plan.added != points) state.SkipWithError("not all points were added");
  }
}
BENCHMARK(import_points)->Arg(2000)->Unit(benchmark::kMillisecond)->Iterations(5);

void snapshot_of_points(benchmark::State& state) {
  Scene scene;
  scene.import(table_of(static_cast<std::size_t>(state.range(0))));
  Day day = parse_day("2026-02-01").value();
  for (auto each : state) {
    day = day.plus(1);  // another day is another snapshot
    benchmark::DoNotOptimize(scene.book->points(day));
  }
}
BENCHMARK(snapshot_of_points)->Arg(20'000)->Unit(benchmark::kMillisecond);

void duplicates_of_points(benchmark::State& state) {
  Scene scene;
  scene.import(table_of(static_cast<std::size_t>(state.range(0))));
  const Day day = parse_day("2026-02-01").value();
  for (auto each : state) benchmark::DoNotOptimize(scene.book->duplicates(day));
}
BENCHMARK(duplicates_of_points)->Arg(20'000)->Unit(benchmark::kMillisecond);

void open_book(benchmark::State& state) {
  Scene scene;
  scene.import(table_of(static_cast<std::size_t>(state.range(0))));
  for (auto each : state) {
    scene.book.reset();
    scene.book = Book::open(scene.path / "records", scene.schema).value();
  }
}
BENCHMARK(open_book)->Arg(20'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mj::registry
