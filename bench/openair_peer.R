# Daily means of six pollutants and running means of ozone over eight hours by openair, for bench/aqi_peers.py.
# Usage: Rscript openair_peer.R TABLE.csv; prints the days and the seconds of CPU that they took, reading not counted.
suppressPackageStartupMessages(library(openair))
data <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = FALSE)
data$date <- as.POSIXct(data$time, format = "%Y-%m-%d %H:%M", tz = "Etc/GMT-8")
data$site <- data$code
data <- data[, c("date", "site", "pm25", "pm10", "so2", "no2", "co", "o3")]
spent <- system.time({
  days <- timeAverage(data, avg.time = "day", type = "site", data.thresh = 83, progress = FALSE)
  running <- rollingMean(data, pollutant = "o3", width = 8, type = "site", data.thresh = 75, align = "right")
})
cat(nrow(days), spent[["user.self"]] + spent[["sys.self"]], "\n")
