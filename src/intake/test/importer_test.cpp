#include "mj/intake/importer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include "mj/dataset/import_entry.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::intake {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kHeader =
    "code,time,primary,aqi,pm10,pm10_24h,pm25,pm25_24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_"
    "24h\n";

std::string row(int hour, std::string_view pm25) {
  return fmt::format("1416A,2026-03-{:02} {:02}:00,,,10,,{},,30,,,,40,,5,,0.6,\n", 1 + hour / 24, hour % 24, pm25);
}

std::string large(int rows) {
  std::string file = kHeader;
  for (int i = 0; i < rows; ++i) file += row(i % 600, std::to_string(i));
  return file;
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-intake-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Scene {
  Folder folder;
  dataset::Catalogue catalogue = dataset::Catalogue::load(MJ_SOURCE_DIR "/datasets").value();
  registry::RegisterSchema schema = registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  std::unique_ptr<evidence::Log> log =
      evidence::Log::open(folder.path() / "evidence", evidence::LogOptions{}).value();
  std::unique_ptr<registry::Book> book = registry::Book::open(folder.path(), schema).value();
  registry::Approval approval{"渝环〔2026〕1号", "市生态环境局", std::nullopt};
  std::vector<Known> known;
  Importer importer{catalogue, *log, *book,
                    [this](const std::string&) -> Result<std::vector<Known>> { return known; },
                    [] { return Instant::from_ms(1'772'000'000'000); }};

  Result<Receipt> take(const std::string& file, std::string_view bytes, bool dry_run = false) {
    return importer.take({file, bytes, {}, {"王敏", "March"}, dry_run});
  }
  /// The bytes of all parts in the log, in their order.
  [[nodiscard]] std::string parts() const {
    std::string bytes;
    for (std::uint64_t i = 0; i < log->size(); ++i) {
      const auto batch = log->read(evidence::EntryIndex(i), 1, 1);
      const auto& entry = batch->entries.front().entry;
      if (entry.type != evidence_format::EntryType::import) continue;
      const auto part = dataset::parse_part(as_text(entry.payload));
      if (part) bytes += part->bytes;
    }
    return bytes;
  }
  registry::Attributes point(std::string_view id) {
    const auto record = book->record("point", id, {*registry::parse_day("2026-03-01"), {}});
    return record ? record->attributes : registry::Attributes();
  }
};

TEST(Importer, TheEntriesAreTheFileByteForByte) {
  Scene scene;
  const std::string file = large(3000);
  std::uint64_t told = 0;
  const auto receipt = scene.importer.take({"dir/a.csv", file, {}, {"王敏", "March"}, false},
                                           [&told](const Progress& progress) { told = progress.bytes; });
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->file, "a.csv");
  EXPECT_EQ(receipt->values, 18'000U);
  EXPECT_GT(receipt->parts, 2U);
  EXPECT_EQ(receipt->parts_written, receipt->parts);
  EXPECT_EQ(told, file.size());
  EXPECT_EQ(scene.parts(), file);
  const auto manifest = dataset::parse_manifest(
      as_text(scene.log->read(evidence::EntryIndex(*receipt->entry), 1, 1)->entries.front().entry.payload));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->sha256, to_hex(evidence_format::sha256(as_bytes(file))));
  EXPECT_EQ(manifest->name, "王敏");
}

TEST(Importer, ACompressedFileIsStoredAsItWasBefore) {
  Scene scene;
  const std::string file = large(100);
  std::string packed(ZSTD_compressBound(file.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), file.data(), file.size(), 3));
  ASSERT_TRUE(scene.take("a.csv.zst", packed));
  EXPECT_EQ(scene.parts(), file);
  const auto damaged = scene.take("b.csv.zst", std::string_view(packed).substr(0, packed.size() / 2));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code(), ErrorCode::invalid_input);
}

TEST(Importer, TheSameFileIsStoredOnceAlsoBeforeItsValuesAreDerived) {
  Scene scene;
  const std::string file = large(100);
  const auto first = scene.take("a.csv", file);
  const std::uint64_t size = scene.log->size();
  const auto again = scene.take("renamed.csv", file);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->already);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(scene.log->size(), size);
}

TEST(Importer, AFileThatBrokeOffGoesOnBehindItsDurableParts) {
  Scene scene;
  const std::string file = large(3000);
  const auto whole = scene.take("a.csv", file);
  ASSERT_TRUE(whole);
  Scene after;
  const auto cut = dataset::cut_part(file, 0, 1, ',');
  const std::string layout = dataset::to_json(*whole->layout);
  after.known = {
      {42, to_hex(evidence_format::sha256(as_bytes(layout))), file.size(), cut->end, 1, cut->next_line}};
  const auto rest = after.take("a.csv", file);
  ASSERT_TRUE(rest) << rest.error().text();
  EXPECT_EQ(rest->entry, 42U);
  EXPECT_EQ(rest->parts_written, rest->parts - 1);
  EXPECT_EQ(after.parts(), file.substr(cut->end));
  const auto part = dataset::parse_part(
      as_text(after.log->read(evidence::EntryIndex(after.log->size() - 1), 1, 1)->entries.front().entry.payload));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->part, rest->parts - 1);
}

TEST(Importer, ADryRunAndARefusedFileLeaveNoEntry) {
  Scene scene;
  const std::uint64_t size = scene.log->size();
  const auto dry = scene.take("a.csv", kHeader + row(1, "oops"), true);
  ASSERT_TRUE(dry);
  EXPECT_EQ(dry->values, 5U);
  ASSERT_THAT(dry->faults, SizeIs(1));
  EXPECT_EQ(dry->faults[0].line, 2U);
  EXPECT_EQ(dry->faults[0].column, "pm25");
  EXPECT_THAT(scene.take("b.csv", "a,b\n1,2\n")->refusal, HasSubstr("no layout"));
  EXPECT_THAT(scene.take("c.csv", kHeader + "A,never,,,1,,,,,,,,,,,,,\n")->refusal, HasSubstr("line 2"));
  EXPECT_THAT(scene.take("d.csv", kHeader)->refusal, HasSubstr("no value"));
  EXPECT_FALSE(scene.importer.take({"e.csv", kHeader + row(1, "1"), {}, {"", "why"}, false})) << "nobody";
  EXPECT_EQ(scene.log->size(), size);
}

TEST(Importer, UnreadableCellsAreFoundAgainInTheLog) {
  Scene scene;
  std::string file = large(3000);
  file += row(1, "oops") + "short\n";
  const auto receipt = scene.take("a.csv", file);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->unreadable, 2U);
  std::vector<std::uint64_t> parts;
  for (std::uint64_t entry = *receipt->entry + 1; entry < scene.log->size(); ++entry) parts.push_back(entry);
  const auto faults = faults_of(*scene.log, *receipt->entry, parts, 10);
  ASSERT_TRUE(faults);
  ASSERT_THAT(*faults, SizeIs(2));
  EXPECT_EQ((*faults)[0].line, 3002U);
  EXPECT_EQ((*faults)[1].line, 3003U);
}

const char* const kDirectory =
    "code,lon,lat,area,name,n_hours\n1416A,106.4213,29.8253,重庆市,天生,1\n1001A,116.4,39.9,北京市,万寿西宫,1\n";

TEST(Directory, StationsBecomePointsInTheirRegionOnce) {
  Scene scene;
  ASSERT_TRUE(scene.take("provinces.csv", "code,name\n11,\"北京市\"\n50,\"重庆市\"\n"));
  const char* square =
      R"({"type":"FeatureCollection","features":[{"type":"Feature","id":"500000","properties":{},"geometry":
{"type":"Polygon","coordinates":[[[105,28],[108,28],[108,31],[105,31]]]}}]})";  // the last corner left out
  const auto outline = scene.take("china_provinces.geojson", square);
  ASSERT_TRUE(outline) << outline.error().text();
  EXPECT_EQ(outline->records->changed, 1U);
  const auto receipt = scene.take("stations.csv", kDirectory);
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->records->added, 2U);
  EXPECT_THAT(receipt->faults, IsEmpty());
  const auto point = scene.point("air-1416A");
  EXPECT_EQ(point.at("name"), "天生");
  EXPECT_EQ(point.at("reporters"), "cnemc/1416A");
  EXPECT_EQ(point.at("region"), "500000") << "by its place";
  EXPECT_EQ(scene.point("air-1001A").at("region"), "110000") << "by its name: there is no outline";
  const std::uint64_t size = scene.log->size();
  const auto again = scene.take("stations.csv", kDirectory);
  EXPECT_TRUE(again->already);
  EXPECT_EQ(again->records->unchanged, 2U);
  EXPECT_EQ(scene.log->size(), size);
}

TEST(Directory, StationsOfWhichOnlyDataCameBecomePointsThatADirectoryMayNameLater) {
  Scene scene;
  const auto trial = scene.take("a.csv", large(10), true);
  ASSERT_TRUE(trial) << trial.error().text();
  EXPECT_EQ(trial->points_added, 1U);
  EXPECT_THAT(scene.point("cnemc-1416A"), IsEmpty()) << "a trial changes nothing";
  const auto data = scene.take("a.csv", large(10));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->points_added, 1U);
  EXPECT_FALSE(data->records) << "it is no directory";
  const auto bare = scene.point("cnemc-1416A");
  EXPECT_EQ(bare.at("name"), "1416A");
  EXPECT_EQ(bare.at("element"), "air");
  EXPECT_EQ(bare.at("reporters"), "cnemc/1416A");
  const auto more = scene.take("b.csv", large(11));
  EXPECT_EQ(more->points_added, 0U);
  EXPECT_EQ(more->unreadable, 0U);
  EXPECT_THAT(more->faults, IsEmpty()) << "more data say nothing new of the station";

  const auto directory = scene.take("stations.csv", kDirectory);
  ASSERT_TRUE(directory) << directory.error().text();
  EXPECT_EQ(directory->records->added, 1U);
  EXPECT_EQ(directory->records->changed, 1U);
  const auto named = scene.point("cnemc-1416A");
  EXPECT_EQ(named.at("name"), "天生");
  EXPECT_EQ(named.at("reporters"), "cnemc/1416A");
  EXPECT_NE(named.at("note"), bare.at("note")) << "it is no longer one of which only data came";
  EXPECT_EQ(scene.take("stations.csv", kDirectory)->records->unchanged, 2U) << "once";
}

TEST(Directory, APointThatCameWithDataEndsWhereARegisteredOneReportsTheSame) {
  Scene scene;
  ASSERT_TRUE(scene.take("a.csv", large(10)));
  registry::Change network;
  network.kind = "point";
  network.id = "air-1416A";
  network.effective = scene.schema.adopted_from();
  network.set = {{"name", "天生"}, {"element", "air"}, {"reporters", "MN1"}};
  ASSERT_TRUE(scene.book->apply(*scene.log, std::vector{network}, scene.approval, {"a", "b"}, Instant()));
  ASSERT_TRUE(scene.take("stations.csv", kDirectory));
  EXPECT_EQ(scene.point("air-1416A").at("reporters"), "MN1,cnemc/1416A");
  const registry::Day day = *registry::parse_day("2026-03-01");
  const auto former = scene.book->record("point", "cnemc-1416A", {day, {}});
  ASSERT_TRUE(former);
  EXPECT_EQ(former->state, registry::RecordState::stopped);
  EXPECT_THAT(scene.book->history("point", "cnemc-1416A"), SizeIs(2)) << "added, stopped";
  EXPECT_EQ(scene.book->points(day)->find_reporter("cnemc/1416A")->id, "air-1416A");
  const std::uint64_t size = scene.log->size();
  EXPECT_TRUE(scene.take("stations.csv", kDirectory)->already);
  EXPECT_EQ(scene.take("b.csv", large(11))->points_added, 0U) << "its station has a point";
  EXPECT_GT(scene.log->size(), size);
}

TEST(Directory, APointThatExistsGetsAReporterAndNothingElse) {
  Scene scene;
  registry::Change change;
  change.kind = "point";
  change.id = "air-1416A";
  change.effective = *registry::parse_day("2020-01-01");
  change.set = {{"name", "旧名"}, {"element", "air"}, {"lon", "106.5"}, {"lat", "29.5"}, {"reporters", "MN1"}};
  registry::Change section = change;
  section.id = "water-01";
  section.set = {{"name", "长江·晒网坝"}, {"element", "surface_water"}, {"reporters", "MN2"}};
  ASSERT_TRUE(scene.book->apply(*scene.log, std::vector{change, section}, scene.approval, {"a", "b"}, Instant()));
  ASSERT_TRUE(scene.take("stations.csv", kDirectory));
  const auto point = scene.point("air-1416A");
  EXPECT_EQ(point.at("reporters"), "MN1,cnemc/1416A");
  EXPECT_EQ(point.at("name"), "旧名");
  EXPECT_EQ(point.at("lon"), "106.5");
  const auto sections = scene.take("sections.csv",
                                   "province,basin,city,river,section\n重庆市,长江流域,万州区,长江,晒网坝\n"
                                   "重庆市,长江流域,江津区,长江,朱沱\n");
  ASSERT_TRUE(sections) << sections.error().text();
  EXPECT_EQ(sections->records->added, 1U);
  EXPECT_EQ(scene.point("water-01").at("reporters"), "MN2,cnemc-water/万州区/长江/晒网坝") << "known by its name";
}

TEST(Directory, TheFileThatWasHandedOverIsTheDocumentOfWhatItRegisters) {
  Scene scene;
  const std::string values = large(10);
  ASSERT_TRUE(scene.take("a.csv", values));
  const auto document = [](std::string_view file, std::string_view bytes) {
    return fmt::format("{} sha256:{}", file, to_hex(evidence_format::sha256(as_bytes(bytes))));
  };
  EXPECT_EQ(scene.book->history("point", "cnemc-1416A").at(0).approval->document, document("a.csv", values));
  // As long as a name may be.
  const std::string name = "stations" + std::string(243, 'x') + ".csv";
  const auto tried = scene.take(name, kDirectory, true);
  ASSERT_TRUE(tried) << tried.error().text();
  EXPECT_THAT(tried->faults, IsEmpty());
  const auto taken = scene.take(name, kDirectory);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(taken->records->added + taken->records->changed, 2U);
  const auto named = scene.book->history("point", "cnemc-1416A");
  ASSERT_THAT(named, SizeIs(2));
  EXPECT_EQ(named[1].approval->document, document(name, kDirectory));
  EXPECT_EQ(named[1].approval->authority, "王敏");
}

TEST(Directory, AnOutlineOfARegionNobodyRegisteredIsAFault) {
  Scene scene;
  const auto receipt =
      scene.take("x_districts.geojson",
                 R"({"type":"FeatureCollection","features":[{"type":"Feature","id":"999999","properties":{},)"
                 R"("geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}]})");
  ASSERT_TRUE(receipt) << receipt.error().text();
  ASSERT_THAT(receipt->faults, SizeIs(1));
  EXPECT_THAT(receipt->faults[0].text, HasSubstr("999999"));
}

std::string outline_of(std::string_view id, std::string_view name) {
  return fmt::format(
      R"({{"type":"FeatureCollection","features":[{{"type":"Feature","id":"{}","properties":)"
      R"({{"name":"{}"}},"geometry":{{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}}}]}})",
      id, name);
}

// 吐鲁番地区 652100 became 吐鲁番市 650400 in 2015 (GB/T 2260 keeps a new code for a new city).
TEST(Directory, AnOutlineOfAFormerCodeGoesToTheRegionOfItsLevelThatIsCalledSo) {
  Scene scene;
  ASSERT_TRUE(scene.take("provinces.csv", "code,name\n65,\"新疆维吾尔自治区\"\n37,\"山东省\"\n"));
  ASSERT_TRUE(scene.take("cities.csv", "code,name,provinceCode\n6504,\"吐鲁番市\",65\n"));
  const auto record = [&scene](const char* id) {
    return scene.book->record("region", id, {*registry::parse_day("2026-03-01"), {}});
  };
  ASSERT_TRUE(scene.take("china_cities.geojson", outline_of("652100", "吐鲁番")));
  EXPECT_THAT(record("650400")->get("geometry"), HasSubstr("Polygon"));
  EXPECT_EQ(record("650400")->name().zh, "吐鲁番市");
  const auto merged = scene.take("china_cities.geojson", outline_of("371200", "莱芜"));
  ASSERT_THAT(merged->faults, SizeIs(1));
  EXPECT_THAT(merged->faults[0].text, HasSubstr("371200 莱芜"));
  // A province that the list of divisions leaves out comes with its outline.
  ASSERT_TRUE(scene.take("china_provinces.geojson", outline_of("710000", "台湾")));
  EXPECT_EQ(record("710000")->name().zh, "台湾");
}

TEST(Directory, WhatOnlyAListOfThePastKnowsIsStoppedWhenThatListEnds) {
  Scene scene;
  ASSERT_TRUE(scene.take("stations.csv", kDirectory));
  const auto past = scene.take("station_directory_2018.csv",
                               "stationcode,positionname,area,lon,lat\n1416A,天生,重庆市,106.42,29.82\n"
                               "1414A,缙云山,重庆市,106.37,29.83\n");
  ASSERT_TRUE(past) << past.error().text();
  EXPECT_EQ(past->layout->id, "cnemc-stations-2018");
  EXPECT_EQ(past->records->added, 1U);
  EXPECT_THAT(past->faults, IsEmpty());
  const auto state = [&scene](const char* id, std::string_view day) {
    return scene.book->record("point", id, {*registry::parse_day(day), {}})->state;
  };
  EXPECT_EQ(state("air-1414A", "2018-02-20"), registry::RecordState::active);
  EXPECT_EQ(state("air-1414A", "2026-03-01"), registry::RecordState::stopped);
  EXPECT_EQ(state("air-1416A", "2026-03-01"), registry::RecordState::active);
  const auto later =
      scene.take("stations.csv", "code,lon,lat,area,name,n_hours\n1414A,106.37,29.83,重庆市,缙云山,1\n");
  ASSERT_THAT(later->faults, SizeIs(1));
  EXPECT_THAT(later->faults[0].text, HasSubstr("air-1414A is stopped"));
  const auto values = scene.take("a.csv", kHeader + "1414A,2018-02-20 07:00,,,10,,5,,30,,,,40,,5,,0.6,\n");
  EXPECT_THAT(values->faults, IsEmpty()) << "data of the past are no contradiction";
  EXPECT_EQ(values->points_added, 0U);
}

TEST(Directory, StationsThatDifferOnlyByBlanksDoNotKeepEachOtherOut) {
  Scene scene;
  std::string file = kHeader;
  for (const char* station : {"1416A", "1416A\u3000"})
    file += fmt::format("{},2026-03-01 01:00,,,10,,5,,30,,,,40,,5,,0.6,\n", station);
  const auto receipt = scene.take("a.csv", file);
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->points_added, 1U);
  EXPECT_EQ(scene.point("cnemc-1416A").at("reporters"), "cnemc/1416A");
  ASSERT_THAT(receipt->faults, SizeIs(1));
  EXPECT_THAT(receipt->faults[0].text, HasSubstr("only by blanks"));
}

}  // namespace
}  // namespace mj::intake
