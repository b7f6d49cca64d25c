#include "mj/acoustics/bands.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include "mj/acoustics/weighting.hpp"

namespace mj::acoustics {
namespace {

struct PublishedBand {
  std::string nominal;
  double centre = 0;
  double lower = 0;
  double upper = 0;
  bool octave = false;
  double a_weight = 0;
};

double to_number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// standards/gb/3241-2010/bands.csv, whose A weights are those of table 3 of IEC 61672-1:2013.
std::vector<PublishedBand> published() {
  std::ifstream file(std::string(MJ_SOURCE_DIR) + "/standards/gb/3241-2010/bands.csv");
  std::vector<PublishedBand> found;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line[0] == 'n') continue;
    std::istringstream cells(line);
    std::vector<std::string> cell(6);
    for (std::string& text : cell) std::getline(cells, text, ',');
    found.push_back(
        {cell[0], to_number(cell[1]), to_number(cell[2]), to_number(cell[3]), cell[4] == "1", to_number(cell[5])});
  }
  return found;
}

TEST(Bands, AreThoseOfTheTableOfGbt3241) {
  const auto table = published();
  ASSERT_EQ(table.size(), 34U);
  const auto thirds = bands(BandWidth::third, 8.9, 22'400);
  ASSERT_EQ(thirds.size(), table.size());
  std::vector<std::string> octaves;
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(to_text(thirds[i].nominal), table[i].nominal);
    EXPECT_NEAR(thirds[i].centre, table[i].centre, 5.1e-5);
    EXPECT_NEAR(thirds[i].lower, table[i].lower, 5.1e-5);
    EXPECT_NEAR(thirds[i].upper, table[i].upper, 5.1e-5);
    if (table[i].octave) octaves.push_back(table[i].nominal);
  }
  std::vector<std::string> found;
  for (const Band& band : bands(BandWidth::octave, 8.9, 23'000)) found.push_back(to_text(band.nominal));
  EXPECT_EQ(found, octaves);
}

TEST(Bands, OctavesMeetAtTheirEdges) {
  const auto octaves = bands(BandWidth::octave, 10, 20'000);
  for (std::size_t i = 1; i < octaves.size(); ++i)
    EXPECT_NEAR(octaves[i].lower, octaves[i - 1].upper, 1e-9 * octaves[i].lower);
}

TEST(Weighting, IsTheTableOfIec61672) {
  for (const PublishedBand& band : published()) {
    EXPECT_NEAR(weighting_db(Weighting::a, band.centre), band.a_weight, 0.0501) << band.nominal;
    EXPECT_EQ(weighting_db(Weighting::z, band.centre), 0);
  }
  // IEC 61672-1 table 3 (table 2 of the edition of 2002), column C.
  const std::vector<std::pair<double, double>> c{{1.0, -14.3}, {1.3, -6.2}, {1.5, -3.0}, {1.8, -0.8}, {2.1, -0.2},
                                                 {3.0, 0.0},   {3.6, -0.8}, {3.7, -1.3}, {3.9, -3.0}, {4.0, -4.4},
                                                 {4.1, -6.2},  {4.2, -8.5}, {4.3, -11.2}};
  for (const auto& [exponent, weight] : c)
    EXPECT_NEAR(weighting_db(Weighting::c, std::pow(10.0, exponent)), weight, 0.0501) << exponent;
}

}  // namespace
}  // namespace mj::acoustics
