-- expect 2:1: SQL before the first '-- query NAME: KIND'
SELECT 1;
