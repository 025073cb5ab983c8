<?php
$CONFIG = array (
  'datadirectory' => 'DATA',
  'dbtype' => 'pgsql',
  'version' => '10.15.0.2',
  'dbname' => 'owncloud',
  'dbhost' => '[::1]:54329',
  'dbuser' => 'owncloud',
  'dbpassword' => 'secret',
  'instanceid' => 'oc2',
);
