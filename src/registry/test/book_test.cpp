#include "mj/registry/book.hpp"

#include <gmock/gmock.h>

#include "book_scene.hpp"

namespace mj::registry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Attributes kBeibei{{"name", "天生"}, {"element", "air"}, {"lon", "106.4216"}, {"lat", "29.8256"}};

class BookTest : public BookScene {};

TEST_F(BookTest, AnswersForTheDayThatIsAskedFor) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  ASSERT_TRUE(apply({wish("point", "air-1", "2026-03-01", {{"name", "天生桥"}})}));
  EXPECT_FALSE(book_->record("point", "air-1", on("2023-12-31")));
  EXPECT_EQ(value("point", "air-1", "name", "2024-01-01"), "天生");
  EXPECT_EQ(value("point", "air-1", "name", "2026-02-28"), "天生");
  EXPECT_EQ(value("point", "air-1", "name", "2026-03-01"), "天生桥");
  EXPECT_EQ(value("point", "air-1", "element", "2026-03-01"), "air");
  const Record before = *book_->record("point", "air-1", on("2025-06-01"));
  EXPECT_EQ(before.valid_from, day("2024-01-01"));
  EXPECT_EQ(before.valid_to, day("2026-03-01"));
  EXPECT_EQ(book_->record("point", "air-1", on("2026-06-01"))->valid_to, std::nullopt);
}

TEST_F(BookTest, AChangeInThePastHoldsFromItsDayAndLeavesLaterChangesAsTheyAre) {
  add_frame();
  ASSERT_TRUE(apply({wish("point", "air-1", "2020-01-01", kBeibei)}));
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", {{"name", "新名"}})}));
  const std::uint64_t known = log_->size() - 1;
  ASSERT_TRUE(apply({wish("point", "air-1", "2022-01-01", {{"name", "旧名"}, {"address", "天生路2号"}})}));
  EXPECT_EQ(value("point", "air-1", "name", "2023-01-01"), "旧名");
  EXPECT_EQ(value("point", "air-1", "name", "2025-01-01"), "新名");
  EXPECT_EQ(value("point", "air-1", "address", "2025-01-01"), "天生路2号");
  // What was known before the correction can still be asked for.
  EXPECT_EQ(book_->record("point", "air-1", {day("2023-01-01"), known})->get("name"), "天生");
  EXPECT_FALSE(book_->record("point", "air-1", {day("2023-01-01"), std::uint64_t{0}}));
}

TEST_F(BookTest, OfTwoChangesOfOneDayTheLaterRecordedOneCounts) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", {{"name", "改正"}})}));
  EXPECT_EQ(value("point", "air-1", "name", "2024-01-01"), "改正");
  EXPECT_THAT(book_->history("point", "air-1"), SizeIs(2));
}

TEST_F(BookTest, EveryActOnEveryKindOfRecordNeedsAnApproval) {
  for (const KindSchema& kind : shipped_schema().kinds()) {
    Attributes needed;
    for (const AttributeSchema& attribute : kind.attributes) {
      if (attribute.required) needed[attribute.key] = attribute.words.empty() ? "x" : attribute.words.front().id;
      if (attribute.required && attribute.type == AttributeType::reference) needed[attribute.key] = "r-1";
    }
    const auto refused = [&](std::string_view effective, Attributes set, Action action) {
      const std::uint64_t size = log_->size();
      const Change wanted = wish(kind.id, "r-1", effective, std::move(set), action);
      EXPECT_EQ(refusal(wanted, std::nullopt),
                fmt::format(
                    "approval: to {} {} r-1 needs an approval: give its document 批准文号 and authority 批准机关",
                    name(action), kind.id));
      const Plan dry = book_->plan(std::vector{wanted}, std::nullopt);
      ASSERT_THAT(dry.faults, SizeIs(1));
      EXPECT_EQ(dry.faults[0].column, "approval");
      EXPECT_EQ(log_->size(), size);
      EXPECT_EQ(refusal(wanted, approval_), "");
    };
    refused("2024-01-01", needed, Action::add);
    refused("2024-02-01", {{"note", "说明"}}, Action::change);
    if (kind.first(AttributeType::longitude) != nullptr) {
      refused("2024-03-01", {{"lon", "106.5"}, {"lat", "29.5"}}, Action::move);
    }
    refused("2024-04-01", {}, Action::stop);
    refused("2024-05-01", {}, Action::resume);
    for (const HistoryStep& step : book_->history(kind.id, "r-1")) {
      ASSERT_NE(step.approval, nullptr) << kind.id;
      EXPECT_EQ(*step.approval, approval_);
      EXPECT_EQ(step.author->name, author_.name);
    }
  }
}

TEST_F(BookTest, WhatTurnsOutToBeAMoveNeedsAnApprovalToo) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  EXPECT_THAT(refusal(wish("point", "air-1", "2026-01-01", {{"lon", "106.5"}}), std::nullopt),
              HasSubstr("to move point air-1 needs an approval"));
  Change declassified = wish("point", "air-1", "2026-01-01", {});
  declassified.clear = {"lon"};
  EXPECT_THAT(refusal(declassified, std::nullopt), HasSubstr("needs an approval"));
}

TEST_F(BookTest, AChangeMayHaveAnApprovalOfItsOwn) {
  Change own = wish("river", "b", "2024-01-01", {{"name", "乙"}});
  own.approval = Approval{"渝环〔2026〕13号", "市局", {}};
  ASSERT_TRUE(apply({wish("river", "a", "2024-01-01", {{"name", "甲"}}), own}));
  EXPECT_EQ(book_->history("river", "a").at(0).approval->document, approval_.document);
  EXPECT_EQ(book_->history("river", "b").at(0).approval->document, "渝环〔2026〕13号");
  own.id = "c";
  EXPECT_EQ(refusal(own, std::nullopt), "");
  own.id = "d";
  own.approval->authority.clear();
  EXPECT_THAT(refusal(own), HasSubstr("approval_authority: authority of the approval"));
}

// Decisions of the time before every act needed one: the rule is asked when a decision is made, not when it is read.
TEST_F(BookTest, DecisionsThatWereRecordedWithoutAnApprovalStayWhatTheyAre) {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.payload = as_bytes(
      R"({"kind":"register.change","version":1,"batch":"20260101080000000-0","part":1,"parts":1,"approval":null,)"
      R"("name":"管理员","reason":"旧","changes":[)"
      R"({"kind":"point","id":"air-1","action":"add","effective":"2024-01-01","set":{"name":"天生","element":"air"}},)"
      R"({"kind":"point","id":"air-1","action":"change","effective":"2025-01-01","set":{"name":"天生桥"}},)"
      R"({"kind":"point","id":"air-1","action":"stop","effective":"2026-01-01","set":{}}]})");
  ASSERT_TRUE(log_->append_and_wait(entry));
  catch_up();
  const auto expect_as_recorded = [this] {
    EXPECT_EQ(value("point", "air-1", "name", "2024-06-01"), "天生");
    EXPECT_EQ(value("point", "air-1", "name", "2025-06-01"), "天生桥");
    EXPECT_EQ(book_->record("point", "air-1", on("2026-01-01"))->state, RecordState::stopped);
    EXPECT_EQ(book_->record("point", "air-1", on("2026-01-01"))->approval, nullptr);
    EXPECT_THAT(book_->history("point", "air-1"), SizeIs(3));
  };
  expect_as_recorded();
  open();
  expect_as_recorded();
  derive_again();
  expect_as_recorded();
  EXPECT_THAT(refusal(wish("point", "air-1", "2026-02-01", {}, Action::resume), std::nullopt),
              HasSubstr("needs an approval"));
  EXPECT_EQ(refusal(wish("point", "air-1", "2026-02-01", {}, Action::resume)), "");
}

TEST_F(BookTest, AnApprovalNamesItsDocumentAndAuthority) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  EXPECT_THAT(refusal(wish("point", "air-1", "2026-01-01", {}, Action::stop), Approval{"", "市局", {}}),
              HasSubstr("document of the approval"));
  EXPECT_THAT(refusal(wish("point", "air-1", "2026-01-01", {}, Action::stop), Approval{"渝环1号", " ", {}}),
              HasSubstr("authority of the approval"));
}

TEST_F(BookTest, WhatDoesNotFitTheHistoryIsRefused) {
  EXPECT_THAT(refusal(wish("point", "air-9", "2026-01-01", {}, Action::stop), approval_),
              HasSubstr("there is no point"));
  EXPECT_THAT(refusal(wish("point", "air-9", "2026-01-01", {{"name", "无"}}, Action::change)),
              HasSubstr("there is no point"));
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  EXPECT_THAT(refusal(wish("point", "air-1", "2025-01-01", kBeibei, Action::add)), HasSubstr("since 2024-01-01"));
  EXPECT_THAT(refusal(wish("point", "air-1", "2023-01-01", {{"name", "早"}})), HasSubstr("only since 2024-01-01"));
  EXPECT_THAT(refusal(wish("point", "air-1", "2025-01-01", {}, Action::resume), approval_),
              HasSubstr("not stopped"));
  EXPECT_THAT(refusal(wish("point", "air-1", "2025-01-01", {{"lat", "29.9"}}, Action::change), approval_),
              HasSubstr("a move"));
  ASSERT_TRUE(apply({wish("point", "air-1", "2025-01-01", {}, Action::stop)}, approval_));
  EXPECT_THAT(refusal(wish("point", "air-1", "2025-02-01", {}, Action::stop), approval_),
              HasSubstr("stopped since"));
  EXPECT_THAT(refusal(wish("point", "air-1", "2025-02-01", {{"lat", "29.9"}}), approval_), HasSubstr("resume it"));
  // A stop before the stop would leave two of them.
  EXPECT_THAT(refusal(wish("point", "air-1", "2024-06-01", {}, Action::stop), approval_),
              HasSubstr("contradicts"));
  ASSERT_TRUE(apply({wish("point", "air-1", "2026-01-01", {}, Action::resume)}, approval_));
  EXPECT_EQ(book_->record("point", "air-1", on("2026-01-01"))->state, RecordState::active);
  EXPECT_EQ(book_->record("point", "air-1", on("2025-12-31"))->state, RecordState::stopped);
}

TEST_F(BookTest, AllFaultsOfARowAreTold) {
  const Change bad =
      wish("point", "air-1", "2024-01-01",
           {{"name", "天生"}, {"element", "lava"}, {"lon", "200"}, {"planned_for", "soon"}, {"nmae", "x"}});
  const Plan plan = book_->plan(std::vector{bad}, std::nullopt);
  std::vector<std::string> columns;
  for (const RowFault& fault : plan.faults) columns.push_back(fault.column);
  EXPECT_THAT(columns, ElementsAre("approval", "element", "lon", "nmae", "planned_for"));
  EXPECT_EQ(plan.faulty_rows, 1U);
  EXPECT_EQ(log_->size(), 0U);
}

TEST_F(BookTest, RequiredAttributesAreThereFromTheBeginningAndStay) {
  EXPECT_THAT(refusal(wish("point", "air-1", "2024-01-01", {{"element", "air"}})),
              HasSubstr("name: Name is needed"));
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  Change nameless = wish("point", "air-1", "2025-01-01", {});
  nameless.clear = {"name"};
  EXPECT_THAT(refusal(nameless), HasSubstr("must stay known"));
}

TEST_F(BookTest, ReferencesNameRecordsThatAreThereOrComeWithTheSameBatch) {
  EXPECT_THAT(refusal(wish("river", "jialing", "2024-01-01", {{"name", "嘉陵江"}, {"flows_into", "changjiang"}})),
              HasSubstr("there is no river \"changjiang\""));
  ASSERT_TRUE(apply({wish("river", "jialing", "2024-01-01", {{"name", "嘉陵江"}, {"flows_into", "changjiang"}}),
                     wish("river", "changjiang", "2024-01-01", {{"name", "长江"}})}));
  EXPECT_THAT(refusal(wish("river", "changjiang", "2025-01-01", {{"flows_into", "jialing"}})),
              HasSubstr("below changjiang itself"));
  EXPECT_THAT(refusal(wish("river", "changjiang", "2025-01-01", {{"flows_into", "changjiang"}})),
              HasSubstr("itself"));
}

TEST_F(BookTest, WithSkipTheGoodRowsAreRecordedAndWhatRestsOnBadOnesIsNot) {
  const auto applied = apply({wish("river", "a", "2024-01-01", {{"name", "甲"}}),
                              wish("river", "b", "2024-01-01", {{"length_km", "many"}}),
                              wish("river", "c", "2024-01-01", {{"name", "丙"}, {"flows_into", "b"}}),
                              wish("river", "d", "2024-01-01", {{"name", "丁"}, {"flows_into", "a"}})},
                             approval_, Faulty::skip);
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->plan.rows, 4U);
  EXPECT_EQ(applied->plan.added, 2U);
  EXPECT_EQ(applied->plan.faulty_rows, 2U);
  EXPECT_TRUE(book_->knows("river", "d"));
  EXPECT_FALSE(book_->knows("river", "c"));
}

TEST_F(BookTest, ADeviceReportsForOnePointOnly) {
  Attributes first = kBeibei;
  first["reporters"] = "MN1,cnemc/1416A";
  Attributes second = kBeibei;
  second["reporters"] = "cnemc/1416A";
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", first)}));
  EXPECT_THAT(refusal(wish("point", "air-2", "2024-01-01", second)), HasSubstr("cnemc/1416A belongs to air-1"));
  ASSERT_TRUE(apply({wish("point", "air-1", "2025-01-01", {}, Action::stop)}, approval_));
  EXPECT_EQ(refusal(wish("point", "air-2", "2025-01-01", second)), "");
  EXPECT_THAT(refusal(wish("point", "air-1", "2026-01-01", {}, Action::resume), approval_),
              HasSubstr("belongs to air-2"));
}

TEST_F(BookTest, SayingTheSameAgainRecordsNothing) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  const std::uint64_t size = log_->size();
  const auto again = apply({wish("point", "air-1", "2025-01-01", kBeibei)});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->plan.unchanged, 1U);
  EXPECT_THAT(again->entries, IsEmpty());
  EXPECT_EQ(log_->size(), size);
}

TEST_F(BookTest, IsTheSameWhenItIsDerivedAgainAndAfterARestart) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  add_frame();
  ASSERT_TRUE(apply({wish("point", "air-1", "2025-01-01", {}, Action::stop)}, approval_));
  const auto all = [this] {
    std::string text;
    for (const HistoryStep& step : book_->history("point", "air-1")) {
      text +=
          fmt::format("{} {} {} {}\n", to_text(step.effective), name(step.action), step.entry, step.set.size());
    }
    return text;
  };
  const std::string before = all();
  open();
  EXPECT_EQ(book_->position(), log_->size());
  EXPECT_EQ(all(), before);
  derive_again();
  EXPECT_EQ(all(), before);
}

TEST_F(BookTest, ABatchOfManyEntriesCountsWhenItsLastPartIsThere) {
  // Two thousand changes with a long remark take more than one entry of 64 KB.
  std::vector<Change> many;
  for (int i = 0; i < 400; ++i) {
    many.push_back(wish("river", fmt::format("r{}", i), "2024-01-01",
                        {{"name", fmt::format("河{}", i)}, {"note", std::string(400, 'x')}}));
  }
  const auto applied = apply(many);
  ASSERT_TRUE(applied);
  ASSERT_GT(applied->entries.size(), 2U);
  EXPECT_EQ(book_->count("river", day("2024-01-01")), 400U);

  // The same log, cut off before the last part, as after a crash.
  const ScratchDirectory elsewhere;
  const auto torn = evidence::Log::open(elsewhere.path() / "evidence", evidence::LogOptions{}).value();
  for (std::size_t i = 0; i + 1 < applied->entries.size(); ++i) {
    const auto read = log_->read(evidence::EntryIndex(applied->entries[i]), 1, 1U << 20).value();
    ASSERT_TRUE(torn->append_and_wait(read.entries.front().entry));
  }
  const auto book = Book::open(elsewhere.path() / "records", shipped_schema()).value();
  while (book->consume(*torn).value() > 0) {
  }
  EXPECT_EQ(book->count("river", day("2024-01-01")), 0U);
  const auto last = log_->read(evidence::EntryIndex(applied->entries.back()), 1, 1U << 20).value();
  ASSERT_TRUE(torn->append_and_wait(last.entries.front().entry));
  while (book->consume(*torn).value() > 0) {
  }
  EXPECT_EQ(book->count("river", day("2024-01-01")), 400U);
  const auto partly_known = applied->entries.back() - 1;
  EXPECT_FALSE(book_->record("river", "r0", {day("2025-01-01"), partly_known}));
}

TEST_F(BookTest, PassesOverDecisionsItDoesNotKnow) {
  for (const std::string_view payload :
       {R"({"kind":"device.cancel","version":1,"order":1,"name":"n","reason":"r"})", "no JSON",
        R"({"kind":"register.change","version":2})", R"({"kind":"register.change","version":1,"batch":7})"}) {
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::decision;
    entry.payload = as_bytes(payload);
    ASSERT_TRUE(log_->append_and_wait(entry));
  }
  catch_up();
  EXPECT_EQ(book_->position(), log_->size());
  EXPECT_EQ(book_->count("point", day("2026-01-01")), 0U);
}

TEST_F(BookTest, FiltersByTextRegionAttributeAndState) {
  ASSERT_TRUE(
      apply({wish("region", "500000", "2000-01-01", {{"name", "重庆市"}, {"level", "province"}}),
             wish("region", "500109", "2000-01-01",
                  {{"name", "北碚区"}, {"name_en", "Beibei"}, {"level", "district"}, {"parent", "500000"}})}));
  Attributes in_beibei = kBeibei;
  in_beibei["region"] = "500109";
  ASSERT_TRUE(apply(
      {wish("point", "air-1", "2024-01-01", in_beibei),
       wish("point", "src-1", "2024-01-01", {{"name", "电厂"}, {"element", "source"}, {"built", "planned"}})}));
  const auto ids = [this](std::string_view kind, const RecordFilter& filter) {
    std::vector<std::string> found;
    for (const Record& record : book_->records(kind, on("2026-01-01"), filter)) found.push_back(record.id);
    return found;
  };
  EXPECT_THAT(ids("point", {}), ElementsAre("air-1", "src-1"));
  EXPECT_THAT(ids("point", {.text = "电"}), ElementsAre("src-1"));
  EXPECT_THAT(ids("region", {.text = "BEI"}), ElementsAre("500109"));
  EXPECT_THAT(ids("point", {.region = "500000"}), ElementsAre("air-1"));
  EXPECT_THAT(ids("region", {.region = "500000"}), ElementsAre("500000", "500109"));
  EXPECT_THAT(ids("point", {.equal = {{"element", "source"}}}), ElementsAre("src-1"));
  EXPECT_THAT(ids("point", {.state = RecordState::planned}), ElementsAre("src-1"));
  EXPECT_THAT(ids("point", {.text = "nothing"}), IsEmpty());
}

TEST_F(BookTest, PointsInheritWhatTheirRiverLakeAndFunctionZoneSay) {
  ASSERT_TRUE(apply(
      {wish("region", "500000", "2000-01-01", {{"name", "重庆市"}, {"level", "province"}}),
       wish("region", "500109", "2000-01-01", {{"name", "北碚区"}, {"level", "district"}, {"parent", "500000"}}),
       wish("basin", "cj", "2000-01-01", {{"name", "长江流域"}}),
       wish("river", "jl", "2000-01-01", {{"name", "嘉陵江"}, {"basin", "cj"}}),
       wish("function_zone", "z1", "2000-01-01",
            {{"name", "北碚饮用水源区"}, {"sort", "water"}, {"target_class", "II"}})},
      approval_));
  ASSERT_TRUE(apply({wish("point", "w-1", "2024-01-01",
                          {{"name", "北温泉"},
                           {"element", "surface_water"},
                           {"river", "jl"},
                           {"region", "500109"},
                           {"function_zone", "z1"},
                           {"reporters", "MN1, cnemc/1"}})}));
  const auto set = book_->points(day("2024-06-01"));
  ASSERT_THAT(set->points(), SizeIs(1));
  const PointView& point = set->points().front();
  EXPECT_EQ(point.basin, "cj");
  EXPECT_EQ(point.city, "500000");
  EXPECT_EQ(point.target_class, "II");
  EXPECT_FALSE(point.lon.has_value());
  EXPECT_EQ(set->find_reporter("cnemc/1"), &point);
  EXPECT_EQ(set->find_reporter("MN2"), nullptr);
  EXPECT_EQ(set->find("w-1"), &point);
  EXPECT_EQ(book_->points(day("2024-06-01")), set) << "the same snapshot while nothing changes";
  EXPECT_THAT(book_->points(day("2023-06-01"))->points(), IsEmpty());
  ASSERT_TRUE(apply({wish("point", "w-1", "2025-01-01", {}, Action::stop)}, approval_));
  EXPECT_THAT(book_->points(day("2025-01-01"))->points(), IsEmpty());
  EXPECT_THAT(set->points(), SizeIs(1)) << "a snapshot stays what it is";
}

TEST_F(BookTest, ReadsTheLogAgainWhenItIsAnother) {
  ASSERT_TRUE(apply({wish("point", "air-1", "2024-01-01", kBeibei)}));
  log_.reset();
  std::filesystem::remove_all(directory_.path() / "evidence");
  log_ = evidence::Log::open(directory_.path() / "evidence", evidence::LogOptions{}).value();
  catch_up();
  EXPECT_FALSE(book_->knows("point", "air-1"));
}

}  // namespace
}  // namespace mj::registry
