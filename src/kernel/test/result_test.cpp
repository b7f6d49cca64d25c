#include "mj/kernel/result.hpp"

#include <array>
#include <memory>

#include <gtest/gtest.h>

namespace mj {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(ErrorCode::invalid_input, "odd");
  return number / 2;
}

Result<int> quarter(int number) {
  MJ_TRY(const int once, half(number));
  MJ_TRY(const int twice, half(once));
  return twice;
}

Status need_multiple_of_four(int number, int& reached) {
  reached = 1;
  MJ_CHECK(quarter(number));
  reached = 2;
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = half(8);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 4);
  const Result<int> bad = half(7);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(bad.error().text(), "odd");
}

TEST(Result, TryHandsTheFirstErrorOnAndStops) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().text(), "odd");
  int reached = 0;
  EXPECT_TRUE(need_multiple_of_four(12, reached));
  EXPECT_EQ(reached, 2);
  EXPECT_FALSE(need_multiple_of_four(6, reached));
  EXPECT_EQ(reached, 1);
}

TEST(Result, TryMovesTheValueOut) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(5); };
  const auto use = [&]() -> Result<int> {
    MJ_TRY(const std::unique_ptr<int> owned, make());
    return *owned;
  };
  EXPECT_EQ(*use(), 5);
}

TEST(Error, ContextIsReadFromTheOutsideIn) {
  const Error error = Error(ErrorCode::damaged, "bad magic").context("segment 3").context("/data/demo");
  EXPECT_EQ(error.text(), "/data/demo: segment 3: bad magic");
  EXPECT_EQ(error.code(), ErrorCode::damaged);
}

TEST(Error, ACopyToldToAnotherWaiterIsTheSame) {
  const Error original(ErrorCode::unavailable, "disk full");
  const Error copy = original;  // NOLINT(performance-unnecessary-copy-initialization) the copy is the point
  EXPECT_EQ(copy.text(), original.text());
  EXPECT_EQ(sizeof(Error), sizeof(std::shared_ptr<int>));
}

TEST(Error, EveryCodeHasItsOwnNameAndAnHttpStatus) {
  const std::array codes{ErrorCode::invalid_input, ErrorCode::not_found, ErrorCode::conflict,
                         ErrorCode::unavailable,   ErrorCode::damaged,   ErrorCode::internal};
  const std::array<std::string_view, 6> names{"invalid_input", "not_found", "conflict",
                                              "unavailable",   "damaged",   "internal"};
  const std::array statuses{400, 404, 409, 503, 500, 500};  // RFC 9110 §15.5, §15.6
  for (std::size_t i = 0; i < codes.size(); ++i) {
    EXPECT_EQ(name(codes.at(i)), names.at(i));
    EXPECT_EQ(http_status(codes.at(i)), statuses.at(i));
  }
}

}  // namespace
}  // namespace mj
