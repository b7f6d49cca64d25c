#include "assess_command.hpp"

namespace mj::app {

void add_assess_rain(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::RainSheet>>();
  CLI::App* command =
      assess.add_subcommand("rain", "Acidity of precipitation: mean pH, frequency of acid samples");
  add_table_options(*command, options->common);
  options->report = "all";
  command->add_option("--by", options->report, "All rows of a station, or month, or year")
      ->capture_default_str()
      ->check(CLI::IsMember({"all", "month", "year"}));
  command->add_option("--group-by", options->sheet.group_by, "Column (city) that takes the place of station");
  command->footer(
      "Input:  station,time,ph,rain; rain in mm. Rows without pH or amount are left out.\n"
      "Output: samples, rain, ph (weighted by volume, through the ions), ph_min, acid_frequency in % (below the "
      "first\n"
      "        bound of the grades), grade, standard, verification.\n"
      "Example:\n"
      "  mingjian assess rain --input rain.csv --by year --group-by city");
  command->callback([options, &run] {
    run = [options] {
      using assess::RainPeriod;
      options->sheet.period = options->report == "month"  ? RainPeriod::month
                              : options->report == "year" ? RainPeriod::year
                                                          : RainPeriod::all;
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::rain_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_assess_radiation(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::RadiationSheet>>();
  auto span = std::make_shared<std::string>("all");
  CLI::App* command = assess.add_subcommand(
      "radiation", "Gamma dose rates against the background; fields of many frequencies (GB 8702)");
  add_table_options(*command, options->common);
  options->report = "gamma";
  command->add_option("--report", options->report, "gamma: dose rates; emf: electromagnetic fields")
      ->capture_default_str()
      ->check(CLI::IsMember({"gamma", "emf"}));
  command->add_option("--by", *span, "gamma: all rows of a point, or month, or day")
      ->capture_default_str()
      ->check(CLI::IsMember({"all", "month", "day"}));
  command->add_option("--region", options->sheet.region,
                      "gamma: region whose natural background counts: code of the province, or nation");
  command->footer(
      "Input:  gamma: point,time,dose in nGy/h; optional place(field|road|single_storey|multi_storey), k1, k2, "
      "cosmic\n"
      "        (net = k1·k2·dose − k3·cosmic), rain in mm, background_low,background_high of the point.\n"
      "        emf: point,time,frequency,frequency_unit(Hz|kHz|MHz|GHz) and any of e in V/m, b in µT, h in A/m, s "
      "in\n"
      "        W/m²; place(public|line). Rows of one point and time are added.\n"
      "Output: gamma: values, mean, min, max, sd, background, how many above (and of those in rain) and below it. "
      "There\n"
      "        is no limit of dose rates.\n"
      "        emf: sums of E/EL and B/BL up to 100 kHz, of their squares from 100 kHz on, compliance: none "
      "exceeds 1.\n"
      "        The rows of a time are added exactly; compliance is open when E or B is missing up to 100 kHz.\n"
      "Example:\n"
      "  mingjian assess radiation --report emf --input spectrum.csv");
  command->callback([options, span, &run] {
    run = [options, span] {
      using assess::RadiationSpan;
      options->sheet.report =
          options->report == "emf" ? assess::RadiationReport::emf : assess::RadiationReport::gamma;
      options->sheet.span = *span == "month" ? RadiationSpan::month
                            : *span == "day" ? RadiationSpan::day
                                             : RadiationSpan::all;
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::radiation_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_assess_ecology(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::EcologySheet>>();
  auto index = std::make_shared<std::string>("ei");
  CLI::App* command = assess.add_subcommand("ecology", "Index of ecology from its sub-indices: EI or EQI");
  add_table_options(*command, options->common);
  command->add_option("--index", *index, "ei (HJ 192-2015) or eqi (2021, trial); never compared with each other")
      ->capture_default_str()
      ->check(CLI::IsMember({"ei", "eqi"}));
  command->add_flag("--english", options->sheet.english, "Names of grades and changes in English");
  command->footer(
      "Input:  region,time and all sub-indices, 0…100 (beyond they are capped). ei: bio,veg,water,land,poll; "
      "optional\n"
      "        restriction(none|medium|major). eqi: pattern,function,biodiversity,stress.\n"
      "Output: value, grade, name; change since the last row of the region and its name; standard, verification. "
      "Weights\n"
      "        are known from memory: verification says UNVERIFIED.\n"
      "Example:\n"
      "  mingjian assess ecology --index eqi --input counties.csv --format json");
  command->callback([options, index, &run] {
    run = [options, index] {
      options->sheet.index = *index == "eqi" ? "EQI" : "EI";
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::ecology_sheet(sheet_run, options->sheet);
      });
    };
  });
}

}  // namespace mj::app
