#include "mj/registry/record_table.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "book_scene.hpp"
#include "mj/storage/file.hpp"

namespace mj::registry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RecordTable : public BookScene {
 protected:
  Result<ImportReport> import(std::string kind, std::string bytes, bool dry_run = false, bool skip_bad = false) {
    RecordImport wanted;
    wanted.kind = std::move(kind);
    wanted.bytes = std::move(bytes);
    wanted.effective = day("2026-03-01");
    wanted.approval = given_;
    wanted.author = author_;
    wanted.dry_run = dry_run;
    wanted.skip_bad = skip_bad;
    return import_records(*book_, *log_, wanted, now_);
  }
  static std::vector<std::string> places(const ImportReport& report) {
    std::vector<std::string> found;
    for (const RowFault& fault : report.plan.faults) {
      found.push_back(fmt::format("{}@{}:{}", fault.row, fault.line, fault.column));
    }
    return found;
  }
  std::optional<Approval> given_ = approval_;
};

TEST_F(RecordTable, ReadsKeysAndChineseTitlesAndWords) {
  const auto report = import("point", "编号,名称,环境要素,control_level,经度,Latitude,生效日期,在用说明\n", true);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("column 8: \"在用说明\" is nothing that is known of a point"));
  const auto good = import("point",
                           "编号,名称,环境要素,control_level,经度,Latitude,生效日期\r\n"
                           "air-1,天生,环境空气,国控,106.42,29.82,2024年1月5日\r\n"
                           "air-2,两路,air,municipal,106.62,29.72,\r\n");
  ASSERT_TRUE(good) << good.error().text();
  EXPECT_THAT(places(*good), IsEmpty());
  EXPECT_EQ(good->plan.added, 2U);
  EXPECT_EQ(value("point", "air-1", "control_level", "2024-01-05"), "national");
  EXPECT_EQ(value("point", "air-2", "lon", "2026-03-01"), "106.62");
  EXPECT_FALSE(book_->record("point", "air-2", on("2026-02-28")));
}

TEST_F(RecordTable, TellsEveryFaultWithItsRowLineAndColumnAndRecordsNothing) {
  const std::string table =
      "# points of the plan\n"
      "id,name,element,lon,lat,effective,action\n"
      "air-1,甲,air,106.4,29.8,,\n"
      "air 2,乙,air,106.4,29.8,,\n"
      ",丙,air,106.4,29.8,,\n"
      "air-4,丁,lava,east,129,someday,\n"
      "air-5,戊,air,106.4,29.8,,demolish\n"
      "air-6,,air,106.4,29.8,,\n";
  const std::uint64_t size = log_->size();
  const auto report = import("point", table);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(places(*report), ElementsAre("2@4:id", "3@5:id", "4@6:effective", "5@7:action", "6@8:name"));
  EXPECT_EQ(report->plan.rows, 6U);
  EXPECT_EQ(report->plan.faulty_rows, 5U);
  EXPECT_EQ(report->plan.added, 1U) << "valid rows beside faulty ones are told as well";
  EXPECT_THAT(report->entries, IsEmpty());
  EXPECT_EQ(log_->size(), size);
  const auto skipped = import("point", table, false, true);
  ASSERT_TRUE(skipped);
  EXPECT_THAT(skipped->entries, SizeIs(1));
  EXPECT_EQ(book_->count("point", day("2026-03-01")), 1U);
}

TEST_F(RecordTable, ADryRunTellsWhatWouldHappenAndRecordsNothing) {
  ASSERT_TRUE(apply(
      {wish("river", "a", "2024-01-01", {{"name", "甲"}}), wish("river", "b", "2024-01-01", {{"name", "乙"}})}));
  const std::uint64_t size = log_->size();
  const auto report = import("river", "id,name,note\na,甲,\nb,乙河,\nc,丙,新\n", true);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->plan.unchanged, 1U);
  EXPECT_EQ(report->plan.changed, 1U);
  EXPECT_EQ(report->plan.added, 1U);
  EXPECT_EQ(log_->size(), size);
  EXPECT_FALSE(book_->knows("river", "c"));
}

TEST_F(RecordTable, AnEmptyCellLeavesAnAttributeAndClearMakesItUnknown) {
  ASSERT_TRUE(apply({wish("river", "a", "2024-01-01", {{"name", "甲"}, {"note", "旧"}, {"length_km", "12.50"}})}));
  const auto report = import("river", "id,note,length_km,name\na,<清空>,,\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(value("river", "a", "note", "2026-03-01"), "");
  EXPECT_EQ(value("river", "a", "length_km", "2026-03-01"), "12.50");
}

TEST_F(RecordTable, WhatIsExportedIsUnchangedWhenItIsImportedAgain) {
  ASSERT_TRUE(apply({wish("organisation", "o-1", "2024-01-01",
                          {{"name", "=甲,\"乙\""}, {"sort", "enterprise"}, {"key_unit", "是"}}),
                     wish("point", "p-1", "2024-01-01",
                          {{"name", "-1号点"},
                           {"element", "source"},
                           {"owner", "o-1"},
                           {"lon", "-70.50"},
                           {"lat", "-12.3"},
                           {"reporters", "MN1;cnemc/2"},
                           {"planned_for", "2027/1/1"}}),
                     wish("point", "p-2", "2024-01-01", {{"name", "停用点"}, {"element", "noise"}}),
                     wish("point", "p-2", "2025-01-01", {}, Action::stop)},
                    approval_));
  for (const std::string_view kind : {"organisation", "point"}) {
    const KindSchema& schema = *shipped_schema().find(kind);
    for (const TableFormat format : {TableFormat::csv, TableFormat::xlsx}) {
      for (const TableTitles titles : {TableTitles::key, TableTitles::zh, TableTitles::en}) {
        const auto records = book_->records(kind, on("2026-03-01"));
        const auto bytes = export_records(schema, records, format, titles);
        ASSERT_TRUE(bytes) << bytes.error().text();
        const auto report = import(std::string(kind), *bytes);
        ASSERT_TRUE(report) << report.error().text();
        EXPECT_THAT(places(*report), IsEmpty());
        EXPECT_EQ(report->plan.unchanged, records.size()) << static_cast<int>(format) << static_cast<int>(titles);
      }
    }
  }
}

TEST_F(RecordTable, ARowWithoutAnApprovalIsFaultyWhereTheWholeTableHasNone) {
  ASSERT_TRUE(apply(
      {wish("river", "a", "2024-01-01", {{"name", "甲"}}), wish("river", "b", "2024-01-01", {{"name", "乙"}})}));
  const std::string table =
      "id,name,action,批准文号,approval_authority,approval_date\n"
      "a,甲,,,,\n"
      "b,乙河,,,,\n"
      "c,丙,,渝环〔2026〕3号,市生态环境局,2026年2月1日\n"
      "d,,add,,,\n"
      "e,戊,,渝环〔2026〕4号,,\n"
      "f,己,,,市生态环境局,\n"
      "g,庚,,渝环〔2026〕5号,市生态环境局,someday\n";
  given_.reset();
  const std::uint64_t size = log_->size();
  for (const bool dry_run : {true, false}) {
    const auto report = import("river", table, dry_run);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_THAT(places(*report), ElementsAre("2@3:approval", "4@5:approval", "4@5:name", "5@6:approval_authority",
                                             "6@7:approval", "7@8:approval_date"));
    EXPECT_THAT(
        report->plan.faults[0].text,
        HasSubstr("to change river b needs an approval: give its document 批准文号 and authority 批准机关, of "
                  "this row or of the whole table"));
    EXPECT_EQ(report->plan.unchanged, 1U) << "saying again what is so needs nobody's approval";
    EXPECT_EQ(report->plan.added, 1U);
    EXPECT_EQ(log_->size(), size);
  }
}

TEST_F(RecordTable, TheApprovalOfARowIsRecordedBeforeThatOfTheWholeTable) {
  const auto report = import("river",
                             "id,name,approval,approval_authority,approval_date\n"
                             "a,甲,,,\nb,乙,渝环〔2026〕3号,市局,2026-02-01\nc,丙,,,\n");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(report->entries, SizeIs(3)) << "an entry has one approval; the batch is one";
  const auto approval = [this](std::string_view id) { return *book_->history("river", id).at(0).approval; };
  EXPECT_EQ(approval("a"), approval_);
  EXPECT_EQ(approval("b"), (Approval{"渝环〔2026〕3号", "市局", day("2026-02-01")}));
  EXPECT_EQ(approval("c"), approval_);
  derive_again();
  EXPECT_EQ(approval("b").document, "渝环〔2026〕3号");
  const auto map =
      import("region", R"({"type":"Feature","properties":{"id":"500110","name":"綦江区","level":"district",)"
                       R"("approval":"民函〔2011〕1号","approval_authority":"民政部"},"geometry":null})");
  ASSERT_TRUE(map) << map.error().text();
  EXPECT_EQ(book_->history("region", "500110").at(0).approval->document, "民函〔2011〕1号");
}

TEST_F(RecordTable, AnApprovalOfTheWholeTableThatSaysHalfIsRefusedInADryRunToo) {
  for (const bool dry_run : {true, false}) {
    given_ = Approval{"渝环〔2026〕3号", "", {}};
    EXPECT_THAT(import("river", "id,name\na,甲\n", dry_run).error().text(), HasSubstr("批准机关"));
    given_ = Approval{"", "市局", {}};
    EXPECT_THAT(import("river", "id,name\na,甲\n", dry_run).error().text(), HasSubstr("批准文号"));
  }
}

TEST_F(RecordTable, TakesOutlinesOfGeoJsonByIdOrName) {
  ASSERT_TRUE(apply({wish("region", "500109", "2000-01-01", {{"name", "北碚区"}, {"level", "district"}})}));
  const std::string square =
      R"({"type":"Polygon","coordinates":[[[106,29],[107,29],[107,30],[106,30],[106,29]]]})";
  const auto report = import("region",
                             R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"name":"北碚区","adcode":500109,"area_km2":755.5,"centre":[1,2]},"geometry":)" +
                                 square + R"(},
    {"type":"Feature","properties":{"name":"北碚区"},"geometry":null},
    {"type":"Feature","properties":{"name":"无此区"},"geometry":)" +
                                 square + R"(},
    {"type":"Feature","properties":{"id":"500110","name":"綦江区","level":"district"},"geometry":{"type":"Polygon","coordinates":[[[1]]]}}]})",
                             false, true);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(places(*report), ElementsAre("3@0:id", "4@0:geometry"));
  EXPECT_THAT(value("region", "500109", "geometry", "2026-03-01"), HasSubstr("Polygon"));
  EXPECT_EQ(value("region", "500109", "area_km2", "2026-03-01"), "755.5");
  const auto points = import(
      "point", R"({"type":"Feature","id":"p-1","properties":{"name":"点","element":"soil","region":"500109"},
    "geometry":{"type":"Point","coordinates":[108.25,29.5]}})");
  ASSERT_TRUE(points) << points.error().text();
  EXPECT_EQ(value("point", "p-1", "lon", "2026-03-01"), "108.25");
  ASSERT_THAT(points->plan.hints, SizeIs(1));
  EXPECT_EQ(points->plan.hints[0].why, Hint::Why::outside_region);
  // 1.25° of longitude at 29.5° N: 6371.0088 km · π/180 · 1.25 · cos 29.5° = 121.0 km, computed by hand
  EXPECT_NEAR(points->plan.hints[0].distance_m, 121'000, 500);
}

TEST_F(RecordTable, TheShippedRegionsOfTheDemonstrationAreAllGood) {
  const auto report = import("region", storage::read_file(MJ_SOURCE_DIR "/geo/region.geojson").value());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_THAT(places(*report), IsEmpty());
  EXPECT_EQ(report->plan.added, 39U);
}

/// The three-letter beginnings of names of provinces, as the directory of old stations writes them.
std::string province_of(std::string_view name) {
  static const std::vector<std::string> long_names{"内蒙古", "黑龙江"};
  for (const std::string& each : long_names) {
    if (name.starts_with(each)) return each;
  }
  return std::string(name.substr(0, 6));
}

TEST_F(RecordTable, CatchesTheErrorsOfARealDirectoryOfStations) {
  const std::filesystem::path shared = MJ_SOURCE_DIR "/../shared/data";
  const auto provinces = shared / "geo_cn/china_provinces.geojson.zst";
  const auto stations = shared / "water_cn_auto_202511/old_stations_coords_dirty.csv";
  if (!std::filesystem::exists(stations) || !std::filesystem::exists(provinces)) GTEST_SKIP() << "no shared data";
  // zstd of the province outlines is opened by the program that the tests' data come with.
  const auto plain = directory_.path() / "provinces.geojson";
  ASSERT_EQ(std::system(fmt::format("zstd -q -d {} -o {}", provinces.string(), plain.string()).c_str()), 0);
  std::string outlines = storage::read_file(plain).value();
  for (std::size_t at = outlines.find("\"properties\": {\"id\""); at != std::string::npos;
       at = outlines.find("\"properties\": {\"id\"", at + 10)) {
    outlines.insert(at + std::string_view("\"properties\": {").size(), "\"level\": \"province\", ");
  }
  if (outlines.find("\"level\"") == std::string::npos) {
    for (std::size_t at = outlines.find("\"properties\":{\"id\""); at != std::string::npos;
         at = outlines.find("\"properties\":{\"id\"", at + 10)) {
      outlines.insert(at + std::string_view("\"properties\":{").size(), "\"level\":\"province\",");
    }
  }
  // The outline of one of them (内蒙古) has a ring that does not end where it begins.
  const auto regions = import("region", outlines, false, true);
  ASSERT_TRUE(regions) << regions.error().text();
  ASSERT_THAT(regions->plan.faults, SizeIs(1));
  ASSERT_EQ(regions->plan.added, 33U);

  std::string table = "id,name,element,region,lon,lat\n";
  std::string csv = storage::read_file(stations).value();
  std::size_t row = 0;
  for (std::size_t begin = csv.find('\n') + 1; begin < csv.size();) {
    const std::size_t end = std::min(csv.find('\n', begin), csv.size());
    std::string line = csv.substr(begin, end - begin);
    begin = end + 1;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::size_t comma = line.find(',');
    const std::string name = line.substr(0, comma);
    RecordFilter filter;
    filter.equal["name"] = province_of(name);
    const auto province = book_->records("region", on("2026-03-01"), filter);
    ASSERT_TRUE(province.size() == 1 || name.starts_with("内蒙古")) << name;
    table += fmt::format("s{},{},surface_water,{},{}\n", ++row, name, province.empty() ? "" : province.front().id,
                         line.substr(comma + 1));
  }
  const auto report = import("point", table, true);
  ASSERT_TRUE(report) << report.error().text();
  std::vector<std::string> exchanged;
  for (const RowFault& fault : report->plan.faults)
    exchanged.push_back(fmt::format("{} {}", fault.row, fault.text));
  // Rows 27 宁夏中卫新墩 (37.45, 105.03) and 46 江西九江河西水厂 (25.13, 93.7).
  EXPECT_THAT(exchanged, ElementsAre(HasSubstr("exchanged"), HasSubstr("exchanged")));

  const auto good = import("point", table, false, true);
  ASSERT_TRUE(good);
  std::vector<std::string> outside;
  std::vector<std::string> same;
  for (const Hint& hint : book_->duplicates(day("2026-03-01"))) {
    const std::string name = value("point", hint.a, "name", "2026-03-01");
    if (hint.why == Hint::Why::outside_region) outside.push_back(name);
    if (hint.why == Hint::Why::same_place)
      same.push_back(name + "=" + value("point", hint.b, "name", "2026-03-01"));
  }
  // Found independently by ray casting and plane distances in Python over the same files: outside by more than 3 km.
  EXPECT_THAT(outside, testing::UnorderedElementsAre("北京古北口", "吉林长春松花江村", "安徽淮南石头埠",
                                                     "安徽阜南王家坝", "江苏连云港大兴桥", "黑龙江黑河"));
  EXPECT_THAT(same,
              testing::UnorderedElementsAre("内蒙古乌海海勃湾=吉林长春松花江村", "浙江嘉兴斜路港=浙江嘉兴王江泾"));
}

}  // namespace
}  // namespace mj::registry
